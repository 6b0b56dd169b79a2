using System.Net;
using System.Text.Json;

namespace Baton.Tests;

/// <summary>Values become text and values again, over a carrier that is a dictionary.</summary>
public sealed class ContextPropagationTests
{
    private readonly ContextKey<string> _tenant = new("tenant");
    private readonly ContextKey<string> _region = new("region");
    private readonly Dictionary<string, string> _carrier = [];

    [Theory]
    [InlineData("acme", "acme")]
    [InlineData("", "")]
    [InlineData(" a b ", "%20a%20b%20")]
    [InlineData("100%", "100%25")]
    [InlineData("a\r\nSet-Cookie: x\0", "a%0D%0ASet-Cookie:%20x%00")]
    [InlineData("Zürich 🏔", "Z%C3%BCrich%20%F0%9F%8F%94")]
    public void A_value_crosses_as_visible_ASCII_and_comes_back_the_same(string value, string sent)
    {
        var propagation = new ContextPropagation().Register(_tenant, "X-Tenant", ContextCodec.Text);

        Inject(propagation, Context.Background.WithValue(_tenant, value));

        Assert.Equal(sent, _carrier["x-tenant"]);
        Assert.Equal(value, Extract(propagation).Value(_tenant));
    }

    [Fact]
    public void Members_of_baggage_cross_in_one_header_and_come_back_the_same()
    {
        var propagation = new ContextPropagation()
            .RegisterBaggage(_tenant, "tenant", ContextCodec.Text)
            .RegisterBaggage(_region, "region", ContextCodec.Text);

        Inject(propagation, Context.Background.WithValue(_tenant, "a,b;c=\"d\\").WithValue(_region, "eu"));

        Assert.Equal("tenant=a%2Cb%3Bc=%22d%5C,region=eu", _carrier["baggage"]);
        Assert.Equal("a,b;c=\"d\\", Extract(propagation).Value(_tenant));
        Assert.Equal("eu", Extract(propagation).Value(_region));
    }

    [Fact]
    public void Members_of_others_and_properties_are_passed_over()
    {
        var propagation = new ContextPropagation().RegisterBaggage(_tenant, "tenant", ContextCodec.Text);
        _carrier["baggage"] = "user=u1, tenant = acme ;p=1 , tenant=second, Tenant=x";

        Assert.Equal("acme", Extract(propagation).Value(_tenant));
    }

    [Fact]
    public void Values_of_other_types_cross()
    {
        var number = new ContextKey<double>("number");
        var instant = new ContextKey<DateTimeOffset>("instant");
        var address = new ContextKey<IPAddress>("address");
        var when = DateTimeOffset.UnixEpoch.AddTicks(1);
        var propagation = new ContextPropagation()
            .Register(number, "x-number", ContextCodec.Parsable<double>())
            .Register(instant, "x-instant", ContextCodec.Parsable<DateTimeOffset>())
            .Register(
                address, "x-address", ContextCodec.From(static value => value.ToString(), IPAddress.Parse));

        Inject(propagation, Context.Background.WithValue(number, 1.5).WithValue(instant, when).WithValue(
            address, IPAddress.Loopback));

        var read = Extract(propagation);
        Assert.Equal(
            (1.5, when, IPAddress.Loopback), (read.Value(number), read.Value(instant), read.Value(address)));
    }

    [Fact]
    public void A_value_that_is_not_there_is_neither_sent_nor_read()
    {
        var propagation = new ContextPropagation()
            .Register(_tenant, "x-tenant", ContextCodec.Text)
            .Register(_region, "x-region", ContextCodec.From<string>(static _ => null, static text => text));

        Inject(propagation, Context.Background.WithValue<string>(_tenant, null!).WithValue(_region, "eu"));

        Assert.Empty(_carrier);
        Assert.Same(Context.Background, Extract(propagation));
    }

    [Fact]
    public void A_value_that_is_too_long_is_dropped_whole_and_counted()
    {
        var propagation = new ContextPropagation { MaxValueBytes = 5 }.Register(
            _tenant, "x-long", ContextCodec.Text);

        Assert.Equal(["out too_long"], Counted(
            "x-long", () => Inject(propagation, Context.Background.WithValue(_tenant, "123456"))));
        Assert.Equal(["out too_long"], Counted(
            "x-long", () => Inject(propagation, Context.Background.WithValue(_tenant, "üüü"))));
        Assert.Empty(_carrier);
        _carrier["x-long"] = "123456";
        Assert.Equal(
            ["in too_long"], Counted("x-long", () => Assert.Same(Context.Background, Extract(propagation))));
        Inject(propagation, Context.Background.WithValue(_tenant, "12345"));
        Assert.Equal("12345", _carrier["x-long"]);
    }

    [Fact]
    public void A_value_has_at_most_1_024_bytes_unless_more_or_fewer_are_set()
    {
        var propagation = new ContextPropagation().Register(_tenant, "x-kilo", ContextCodec.Text);

        Inject(propagation, Context.Background.WithValue(_tenant, new string('x', 1024)));
        Assert.Equal(1024, _carrier["x-kilo"].Length);
        Assert.Equal(["out too_long"], Counted("x-kilo", () =>
            Inject(propagation, Context.Background.WithValue(_tenant, new string('x', 1025)))));
        Assert.Throws<ArgumentOutOfRangeException>(() => propagation.MaxValueBytes = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            propagation.MaxValueBytes = ContextPropagation.MaxBytes + 1);
    }

    [Fact]
    public void What_no_longer_fits_is_dropped_whole_and_counted_and_what_fits_after_it_goes()
    {
        var propagation = new ContextPropagation { MaxValueBytes = ContextPropagation.MaxBytes };
        var ctx = Context.Background;
        foreach (var length in (ReadOnlySpan<int>)[8000, 300, 100])
        {
            var key = new ContextKey<string>("key");
            propagation.Register(key, $"x-of-{length}", ContextCodec.Text);
            ctx = ctx.WithValue(key, new string('x', length));
        }

        Assert.Equal(["out too_many_bytes"], Counted("x-of-300", () => Inject(propagation, ctx)));

        Assert.Equal(["x-of-8000", "x-of-100"], _carrier.Keys);
        Assert.Equal(8000, _carrier["x-of-8000"].Length);
        _carrier["x-of-300"] = new string('x', 300);
        Assert.Equal(["in too_many_bytes"], Counted("x-of-300", () => Extract(propagation)));
    }

    [Theory]
    [InlineData("%FF")]
    [InlineData("a\nb")]
    [InlineData("é")]
    public void What_is_no_value_is_dropped_and_counted(string text)
    {
        var propagation = new ContextPropagation().Register(_tenant, "x-bad", ContextCodec.Text);
        _carrier["x-bad"] = text;

        Assert.Equal(
            ["in malformed"], Counted("x-bad", () => Assert.Same(Context.Background, Extract(propagation))));
    }

    [Fact]
    public void What_the_codec_does_not_read_and_half_a_character_are_dropped_and_counted()
    {
        var number = new ContextKey<int>("number");
        var propagation = new ContextPropagation()
            .Register(number, "x-number-7", ContextCodec.Parsable<int>())
            .Register(_tenant, "x-half", ContextCodec.Text);
        _carrier["x-number-7"] = "seven";

        Assert.Equal(["in malformed"], Counted("x-number-7", () => Extract(propagation)));
        Assert.Equal(["out malformed"], Counted(
            "x-half", () => Inject(propagation, Context.Background.WithValue(_tenant, "\ud83c"))));
    }

    [Fact]
    public void What_a_codec_fails_on_is_dropped_and_counted()
    {
        var number = new ContextKey<int>("number");
        var propagation = new ContextPropagation()
            .Register(number, "x-json", ContextCodec.From<int>(
                static value => JsonSerializer.Serialize(value),
                static text => JsonSerializer.Deserialize<int>(text)))
            .Register(_region, "x-thrown", new ThrowingCodec());
        _carrier["x-json"] = "{";
        _carrier["x-thrown"] = "eu";

        Assert.Equal(["in malformed"], Counted("x-json", () => Extract(propagation)));
        Assert.Equal(["in malformed"], Counted("x-thrown", () => Extract(propagation)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nb")]
    [InlineData("é")]
    [InlineData("x:y")]
    [InlineData("Authorization")]
    [InlineData("cookie")]
    [InlineData("Content-Type")]
    [InlineData("grpc-timeout")]
    [InlineData("traceparent")]
    [InlineData("baggage")]
    [InlineData("Host")]
    [InlineData("x-data-bin")]
    public void A_name_that_is_malformed_or_has_a_meaning_already_is_refused(string name) =>
        Assert.ThrowsAny<ArgumentException>(
            () => new ContextPropagation().Register(_tenant, name, ContextCodec.Text));

    [Fact]
    public void A_key_and_a_name_are_registered_once()
    {
        var propagation = new ContextPropagation().Register(_tenant, "x-tenant", ContextCodec.Text);

        Assert.Throws<ArgumentException>(
            "key", () => propagation.RegisterBaggage(_tenant, "other", ContextCodec.Text));
        Assert.Throws<ArgumentException>(
            "headerName", () => propagation.Register(_region, "X-TENANT", ContextCodec.Text));
    }

    [Fact]
    public void A_sensitive_key_is_refused()
    {
        var secret = new ContextKey<string>("password") { IsSensitive = true };

        var error = Assert.Throws<ArgumentException>(
            "key", () => new ContextPropagation().Register(secret, "x-password", ContextCodec.Text));

        Assert.Contains("'password'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sixty_fifth_key_is_refused()
    {
        var propagation = new ContextPropagation();
        for (var i = 0; i < ContextPropagation.MaxEntries; i++)
        {
            propagation.Register(new ContextKey<string>("key"), $"x-{i}", ContextCodec.Text);
        }

        Assert.Throws<InvalidOperationException>(() =>
            propagation.Register(_tenant, "x-tenant", ContextCodec.Text));
    }

    [Fact]
    public void By_default_no_host_is_sent_values_and_no_caller_is_believed()
    {
        var propagation = new ContextPropagation();

        Assert.False(propagation.SendsTo(new Uri("http://localhost/")));
        Assert.False(propagation.AcceptsFrom(IPAddress.Loopback));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("11.0.0.1", false)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", false)]
    [InlineData(null, false)]
    public void Callers_are_believed_by_network(string? address, bool isBelieved)
    {
        var propagation = new ContextPropagation
        {
            AcceptFrom = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")],
        };

        Assert.Equal(isBelieved, propagation.AcceptsFrom(address is null ? null : IPAddress.Parse(address)));
    }

    private void Inject(ContextPropagation propagation, Context ctx) =>
        propagation.Inject(ctx, _carrier, static (carrier, name, value) => carrier[name] = value);

    private Context Extract(ContextPropagation propagation) =>
        propagation.Extract(
            Context.Background, _carrier, static (carrier, name) => carrier.GetValueOrDefault(name));

    /// <summary>
    /// How many values of one name were counted: other tests count theirs at the same time.
    /// </summary>
    private static string[] Counted(string name, Action act)
    {
        using var dropped = new CounterListener("Baton", "baton.propagation.dropped", tags =>
            name.Equals(tags["baton.value"]) ? $"{tags["baton.direction"]} {tags["error.type"]}" : null);
        act();
        return dropped.Counted;
    }

    private sealed class ThrowingCodec : ContextCodec<string>
    {
        public override string? Encode(string value) => value;

        public override bool TryDecode(string text, out string value) =>
            throw new InvalidOperationException("No such region.");
    }
}
