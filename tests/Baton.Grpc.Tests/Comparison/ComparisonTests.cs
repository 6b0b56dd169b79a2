using System.Text.RegularExpressions;

namespace Baton.Grpc.Tests;

/// <summary>
/// A call through Baton is the call that gRPC makes, except where its context ends it: each scenario runs
/// plain and with Baton, and what the service and the caller saw is compared.
/// </summary>
[Collection(nameof(Tracing))]
public sealed partial class ComparisonTests
{
    public static readonly MatrixTheoryData<string, string> Scenarios = new(
        Scenario.All.Keys, ["unary", "blocking", "client", "server", "duplex"]);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_same_requests_and_the_same_end_with_and_without_Baton(string name, string kind)
    {
        var scenario = Scenario.All[name];
        await using var recorder = await Recorder.StartAsync();
        using var ctx = Context.Background.WithCancel();
        using var timed = Context.Background.WithTimeout(TimeSpan.FromHours(1));

        var plain = await recorder.RecordAsync(kind, scenario, static invoker => invoker, default);

        await AssertSameAsync("no context", Baton(null), default);
        await AssertSameAsync("a context that is found", Baton(ctx), default);
        await AssertSameAsync("a context with a deadline that is found", Baton(timed), default);
        await AssertSameAsync("two interceptors", invoker => Baton(ctx)(Baton(ctx)(invoker)), default);
        if (!scenario.HasOwnToken)
        {
            await AssertSameAsync("ToCallOptions", Baton(null), ctx.ToCallOptions());
            await AssertSameAsync("ToCallOptions with a deadline", Baton(null), timed.ToCallOptions());
            await AssertSameAsync("a context as token", Baton(null), new CallOptions(cancellationToken: ctx));
            await AssertSameAsync("ToCallOptions without Baton", static invoker => invoker, timed.ToCallOptions());
        }

        async Task AssertSameAsync(string how, Func<CallInvoker, CallInvoker> intercept, CallOptions options)
        {
            var seen = await recorder.RecordAsync(kind, scenario, intercept, options);
            Assert.True(Normal(plain) == Normal(seen), $"With {how}:\n{seen}\nplain:\n{plain}");
        }
    }

    private static Func<CallInvoker, CallInvoker> Baton(Context? found) => invoker =>
        invoker.Intercept(new BatonClientInterceptor(new BatonGrpcOptions
        {
            Address = new Uri("http://127.0.0.1"),
            Propagation = new ContextPropagation { SendTo = ["127.0.0.1"] },
            ContextAccessor = new Found(found),
        }));

    /// <summary>Without the time that remains, which Baton adds, and by which the same call differs twice.</summary>
    private static string Normal(string seen) => Timeout().Replace(seen, "");

    [GeneratedRegex("^grpc-timeout: .*\n", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Timeout();

    private sealed class Found(Context? ctx) : IContextAccessor
    {
        public Context? Current => ctx;
    }
}
