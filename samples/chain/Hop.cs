using Baton;

namespace Chain;

/// <summary>One service with the request in its hands.</summary>
[ContextCarrier]
internal sealed class Hop(Timeline timeline, string who, Context ctx) : IDisposable
{
    internal void Calls(string next, Context call) =>
        timeline.Print(who, $"calls {next}, {Timeline.Left(call)}");

    /// <summary>The hop is done with the request, or the context of the request is done.</summary>
    public void Dispose()
    {
        timeline.Print(who, ctx.Cause is { } cause
            ? $"stops: {ctx.Err!.Message}: {cause.Message}"
            : $"answers, {Timeline.Left(ctx)}");
        timeline.Leave();
    }
}
