using Baton;

namespace Cluster;

/// <summary>One grain with the request in its hands. What it says goes to the process that started the silo.</summary>
[ContextCarrier]
internal sealed class Hop : IDisposable
{
    private readonly string _who;
    private readonly Context _ctx;

    internal Hop(string who, Context ctx)
    {
        (_who, _ctx) = (who, ctx);
        Console.WriteLine($"{Timeline.Arrives}{who}|has the request, {Timeline.Left(ctx)}");
    }

    /// <summary>The grain is done with the request, or the context of its call is done.</summary>
    public void Dispose() => Console.WriteLine($"{Timeline.Leaves}{_who}|" + (_ctx.Cause is { } cause
        ? $"stops: {_ctx.Err!.Message}{(cause == _ctx.Err ? "" : $": {cause.Message}")}"
        : $"responds, {Timeline.Left(_ctx)}"));
}
