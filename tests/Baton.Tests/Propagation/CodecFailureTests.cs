namespace Baton.Tests.Propagation;

/// <summary>A codec that throws costs its value, and not the call.</summary>
public sealed class CodecFailureTests
{
    private static readonly ContextKey<string> s_tenant = new("tenant");
    private static readonly ContextKey<string> s_user = new("user");

    [Fact]
    public void A_value_whose_codec_throws_is_left_out_and_the_others_cross()
    {
        var propagation = new ContextPropagation()
            .Register(s_tenant, "x-tenant", ContextCodec.From<string>(
                static _ => throw new FormatException("on purpose"), static text => text))
            .Register(s_user, "x-user", ContextCodec.Text);
        var ctx = Context.Background.WithValue(s_tenant, "acme").WithValue(s_user, "ann");
        var carrier = new Dictionary<string, string>();

        propagation.Inject(ctx, carrier, static (headers, name, value) => headers.Add(name, value));

        Assert.Equal("ann", Assert.Single(carrier).Value);
    }

    [Fact]
    public void Baggage_of_others_is_kept_as_it_is_if_there_is_none_of_ours()
    {
        Assert.Equal("c=4", ContextPropagation.JoinBaggage("", "c=4"));
    }
}
