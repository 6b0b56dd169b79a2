using System.Net;

namespace Baton.Tests;

/// <summary>A set of values that cross no longer changes once it has been used.</summary>
public sealed class FrozenPropagationTests
{
    private static readonly ContextKey<string> s_tenant = new("tenant");
    private static readonly ContextKey<string> s_region = new("region");

    public static TheoryData<string> Uses => ["Inject", "Extract", "SendsTo", "AcceptsFrom"];

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_change_after_the_first_use_is_refused_with_the_way_out(string use)
    {
        var propagation = new ContextPropagation { SendTo = ["a"], MaxValueBytes = 7 };
        Use(propagation, use);

        Assert.Contains(
            "SendTo would", Refused(() => propagation.SendTo = ["b"]), StringComparison.Ordinal);
        Assert.Contains(
            "AcceptFrom would", Refused(() => propagation.AcceptFrom = []), StringComparison.Ordinal);
        Assert.Contains(
            "MaxValueBytes would", Refused(() => propagation.MaxValueBytes = 8), StringComparison.Ordinal);
        Assert.Contains(
            "'x-tenant' would",
            Refused(() => propagation.Register(s_tenant, "x-tenant", ContextCodec.Text)),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "Set it up before the first call, or make another instance.",
            Refused(() => propagation.RegisterBaggage(s_tenant, "tenant", ContextCodec.Text)),
            StringComparison.Ordinal);
        Assert.Equal(["a"], propagation.SendTo);
        Assert.Equal(7, propagation.MaxValueBytes);
    }

    [Fact]
    public void Looking_at_what_is_set_is_no_use()
    {
        var propagation = new ContextPropagation();

        Assert.Empty(propagation.SendTo);
        Assert.Empty(propagation.AcceptFrom);
        propagation.MaxValueBytes = propagation.MaxValueBytes + 1;

        Assert.Equal(1025, propagation.MaxValueBytes);
    }

    [Fact]
    public async Task Of_a_registration_and_a_first_use_on_two_threads_one_is_first_and_all_uses_agree()
    {
        var ctx = Context.Background.WithValue(s_tenant, "acme").WithValue(s_region, "eu");
        for (var i = 0; i < 2000; i++)
        {
            var propagation = new ContextPropagation().Register(s_tenant, "x-tenant", ContextCodec.Text);
            using var start = new Barrier(2);
            var registering = Task.Run(() =>
            {
                start.SignalAndWait();
                return IsRegistered(propagation);
            });
            var using_ = Task.Run(() =>
            {
                start.SignalAndWait();
                return (First: Names(propagation, ctx), Second: Names(propagation, ctx));
            });

            var isRegistered = await WaitFor.Result(registering);
            var (first, second) = await WaitFor.Result(using_);

            Assert.Equal(isRegistered ? ["x-tenant", "x-region"] : ["x-tenant"], first);
            Assert.Equal(first, second);
        }
    }

    private static bool IsRegistered(ContextPropagation propagation)
    {
        try
        {
            propagation.Register(s_region, "x-region", ContextCodec.Text);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static List<string> Names(ContextPropagation propagation, Context ctx)
    {
        var names = new List<string>();
        propagation.Inject(ctx, names, static (carrier, name, _) => carrier.Add(name));
        return names;
    }

    private static string Refused(Action change) => Assert.Throws<InvalidOperationException>(change).Message;

    private static string Refused(Func<object> change) =>
        Assert.Throws<InvalidOperationException>(change).Message;

    private static void Use(ContextPropagation propagation, string use)
    {
        switch (use)
        {
            case "Inject":
                propagation.Inject(Context.Background, 0, static (_, _, _) => { });
                break;
            case "Extract":
                propagation.Extract(Context.Background, 0, static (_, _) => null);
                break;
            case "SendsTo":
                propagation.SendsTo(new Uri("http://a/"));
                break;
            default:
                propagation.AcceptsFrom(IPAddress.Loopback);
                break;
        }
    }
}
