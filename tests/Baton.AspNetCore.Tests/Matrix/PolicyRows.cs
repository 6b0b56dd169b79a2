using static Baton.AspNetCore.Tests.Matrix.Requests;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>
/// A timeout of the server's: Go's <c>TimeoutHandler</c>, <c>UseRequestTimeouts()</c>, <c>UseBaton()</c>.
/// </summary>
internal static class PolicyRows
{
    private const string Passed = "request timeout, set by Server";

    internal static readonly Row[] All = [
        Of("the handler returns in time", "200", "200", "200", static async stage =>
        {
            var (client, watched) = await stage.AskAsync(Get);
            await watched.ReturnAsync();
            return $"{await client.ReadStatusAsync()}";
        }) with { Timeout = TimeSpan.FromMinutes(10) },
        Of("the handler leaves by the cancellation", "deadline exceeded, 503", "canceled, 504",
            $"{Passed}, 504",
            static stage => LateAsync(stage, new OperationCanceledException("provoked"))) with
        {
            Kept = "ASP.NET Core's status; the cause says whose timeout it was.",
        },
        Of("the handler returns, and has written nothing", "deadline exceeded, 503", "canceled, 200",
            $"{Passed}, 504", static stage => LateAsync(stage, null)) with
        {
            Kept = "Go's: a request that ran out of time is no 200.",
        },
        Of("the handler throws something else", "deadline exceeded, 503; the exception is lost",
            "canceled, 500", $"{Passed}, 500",
            static stage => LateAsync(stage, new InvalidOperationException("provoked"))) with
        {
            Kept = "ASP.NET Core's: the exception is logged.",
        },
        Of("half an answer has been sent, the handler leaves by the cancellation", "nothing was sent, 503",
            "canceled, 200, cut", $"{Passed}, 200, cut", static async stage =>
        {
            var (client, watched) = await stage.AskAsync(Get);
            await watched.DoAsync(AnswerHalfAsync);
            var fate = await stage.FateAsync(watched);
            await watched.ReturnAsync(new OperationCanceledException("provoked"));
            var read = await client.ReadToEndAsync();
            var isWhole = read.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
            return $"{fate}, {read[9..12]}, {(isWhole ? "ended as if whole" : "cut")}";
        }) with { Kept = "ASP.NET Core's: nothing is held back until the handler returns." },
        Of("the next request of that connection", "live", "live", "live", static async stage =>
        {
            var (client, watched) = await stage.AskAsync(Get);
            await WaitFor.Completion(watched.Ended);
            await watched.ReturnAsync(new OperationCanceledException("provoked"));
            await client.ReadStatusAsync();
            await client.SendAsync(Get);
            return (await stage.ArrivedAsync()).Fate;
        }) with { Timeout = TimeSpan.FromSeconds(1) },
    ];

    private static Row Of(
        string act, string go, string kestrel, string baton, Func<Stage, Task<string>> run) =>
        new(act, go, kestrel, baton, run) { Logs = "provoked", Timeout = TimeSpan.FromMilliseconds(50) };

    private static async Task<string> LateAsync(Stage stage, Exception? thrown)
    {
        var (client, watched) = await stage.AskAsync(Get);
        var fate = await stage.FateAsync(watched);
        await watched.ReturnAsync(thrown);
        return $"{fate}, {await client.ReadStatusAsync()}";
    }
}
