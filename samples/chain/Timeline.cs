using System.Diagnostics;
using Baton;

namespace Chain;

/// <summary>
/// Prints what happens to one request, hop by hop, with the milliseconds since the client asked.
/// </summary>
internal sealed class Timeline
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _quiet = new();
    private long _start;
    private int _hops;

    /// <summary>Completes when every hop has let go of the request.</summary>
    internal Task Quiet => _quiet.Task;

    internal void Begin(string title)
    {
        Console.WriteLine($"\n{title}");
        (_quiet, _start) = (new TaskCompletionSource(), Stopwatch.GetTimestamp());
    }

    /// <summary>
    /// A request has come to a hop, which disposes what this returns when it lets go of it.
    /// </summary>
    internal Hop Arrive(string who, Context ctx)
    {
        Interlocked.Increment(ref _hops);
        Print(who, $"has the request, {Left(ctx)}");
        return new Hop(this, who, ctx);
    }

    internal void Leave()
    {
        if (Interlocked.Decrement(ref _hops) == 0)
        {
            _quiet.SetResult();
        }
    }

    internal void Print(string who, string what)
    {
        lock (_gate)
        {
            Console.WriteLine($"{Stopwatch.GetElapsedTime(_start).TotalMilliseconds,6:0}  {who,-8} {what}");
        }
    }

    internal static string Left(Context ctx) =>
        ctx.Deadline is null ? "no deadline" : $"{ctx.Remaining.TotalMilliseconds:0} ms left";
}
