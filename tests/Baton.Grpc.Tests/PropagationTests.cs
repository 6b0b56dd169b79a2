using System.Diagnostics;
using System.Net;
using Grpc.Net.Client;

namespace Baton.Grpc.Tests;

/// <summary>Where registered values go, and where not.</summary>
public sealed class PropagationTests
{
    private static readonly ContextKey<string> s_tenant = new("tenant");

    [Theory]
    [InlineData("http://stock.internal", true)]
    [InlineData("https://stock.internal:5000", true)]
    [InlineData("dns:///stock.internal:5000", true)]
    [InlineData("http://elsewhere", false)]
    [InlineData(null, false)]
    public async Task Values_go_where_the_channel_leads_if_that_is_allowed(string? address, bool goes)
    {
        var propagation = new ContextPropagation { SendTo = ["stock.internal"] }.Register(
            s_tenant, "x-tenant", ContextCodec.Text);

        var options = await SentAsync(propagation, address, default);

        Assert.Equal(goes ? "acme" : null, options.Headers?.GetValue("x-tenant"));
    }

    [Fact]
    public void An_address_without_a_host_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new BatonGrpcOptions { Address = new Uri("/stock", UriKind.Relative) });

        Assert.StartsWith("The address '/stock' is relative and names no host.", error.Message);
    }

    [Fact]
    public async Task A_header_that_the_caller_set_itself_stays()
    {
        var propagation = new ContextPropagation { SendTo = ["*"] }.Register(
            s_tenant, "x-tenant", ContextCodec.Text);
        var own = new Metadata { { "x-tenant", "own" } };

        var options = await SentAsync(propagation, "http://stock", new CallOptions(own));

        Assert.Equal("own", Assert.Single(options.Headers!.GetAll("x-tenant")).Value);
    }

    [Fact]
    public async Task Baggage_is_one_header()
    {
        var propagation = new ContextPropagation { SendTo = ["*"] }.RegisterBaggage(
            s_tenant, "tenant", ContextCodec.Text);

        var options = await SentAsync(propagation, "http://stock", default);

        Assert.Equal("tenant=acme", options.Headers!.GetValue("baggage"));
    }

    [Fact]
    public async Task The_baggage_of_tracing_stays_beside_ours()
    {
        var propagation = new ContextPropagation { SendTo = ["*"] }.RegisterBaggage(
            s_tenant, "tenant", ContextCodec.Text);
        using var activity = new Activity("test").AddBaggage("user", "7").Start();

        var options = await SentAsync(propagation, "http://stock", default);

        Assert.Equal(["tenant=acme", "user = 7"], options.Headers!.GetValue("baggage")!.Split(','));
    }

    [Fact]
    public async Task Baggage_that_the_caller_has_written_itself_crosses_too()
    {
        var propagation = new ContextPropagation { SendTo = ["*"] }.RegisterBaggage(
            s_tenant, "tenant", ContextCodec.Text);
        var own = new Metadata { { "baggage", "mine=1, tenant=theirs" } };

        var options = await SentAsync(propagation, "http://stock", new CallOptions(own));

        Assert.Equal("tenant=acme,mine=1", Assert.Single(options.Headers!.GetAll("baggage")).Value);
    }

    [Fact]
    public async Task A_token_knows_its_context_and_not_the_values_below()
    {
        var propagation = new ContextPropagation { SendTo = ["*"] }.Register(
            s_tenant, "x-tenant", ContextCodec.Text);
        using var ctx = Context.Background.WithValue(s_tenant, "acme").WithTimeout(TimeSpan.FromHours(1));

        var below = ctx.WithValue(s_tenant, "other");

        var options = await SentAsync(
            propagation, "http://stock", new CallOptions(cancellationToken: below));

        Assert.Equal("acme", options.Headers!.GetValue("x-tenant"));
        Assert.NotNull(options.Deadline);
    }

    [Fact]
    public async Task A_service_that_believes_the_caller_has_the_value_in_its_context()
    {
        var propagation = new ContextPropagation
        {
            SendTo = ["127.0.0.1"],
            AcceptFrom = [IPNetwork.Parse("127.0.0.0/8")],
        }.Register(s_tenant, "x-tenant", ContextCodec.Text);
        await using var server = await ProbeServer.StartAsync(builder =>
            builder.Services.AddSingleton(propagation));
        server.Methods.Unary = (_, call) =>
            Task.FromResult(new Note { Text = call.RequestContext.Value(s_tenant) ?? "" });
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Probe.ProbeClient(channel.Intercept(new BatonClientInterceptor(
            new BatonGrpcOptions { Propagation = propagation, Address = server.Address })));

        var answer = await client.UnaryAsync(
            new Note(), Context.Background.WithValue(s_tenant, "acme").ToCallOptions());

        Assert.Equal("acme", answer.Text);
    }

    private static async Task<CallOptions> SentAsync(
        ContextPropagation propagation, string? address, CallOptions options)
    {
        using var channel = GrpcChannel.ForAddress("http://localhost");
        var watching = new Watching { Answer = static () => new Note() };
        var ours = new BatonClientInterceptor(
            new BatonGrpcOptions
            {
                Propagation = propagation,
                Address = address is null ? null : new Uri(address),
            });
        var client = new Probe.ProbeClient(channel.Intercept(watching).Intercept(ours));

        await client.UnaryAsync(
            new Note(),
            options.CancellationToken.CanBeCanceled
                ? options
                : options.WithContext(Context.Background.WithValue(s_tenant, "acme")));
        return watching.Options;
    }
}
