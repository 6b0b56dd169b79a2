using System.Diagnostics;
using Baton;

namespace Cluster;

/// <summary>
/// Prints what happens to one request, hop by hop, with the milliseconds since the client asked.
/// </summary>
internal sealed class Timeline
{
    // The first sign of a silo's line.
    internal const string Ready = "ready";
    internal const char Arrives = '+';
    internal const char Leaves = '-';

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _hops = [];
    private TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _start;

    /// <summary>Completes when each hop has let go of the request.</summary>
    internal Task Quiet => _quiet.Task;

    /// <summary>Completes when the request has come to the last grain.</summary>
    internal Task AtTheLedger => _all.Task;

    internal void Begin(string title)
    {
        lock (_gate)
        {
            Console.WriteLine($"\n{title}");
            _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _start = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>A line from a silo.</summary>
    internal void Hear(string silo, string line)
    {
        if (line.Split('|', 2) is not [{ Length: > 1 } who, var what])
        {
            Console.WriteLine($"silo {silo}: {line}");
        }
        else if (who[0] == Arrives)
        {
            Arrive($"{who[1..]} on {silo}", what);
        }
        else
        {
            Leave($"{who[1..]} on {silo}", what);
        }
    }

    internal void Arrive(string who, string what)
    {
        lock (_gate)
        {
            _hops[who] = what;
            Print(who, what);
            if (who.StartsWith("ledger", StringComparison.Ordinal))
            {
                _all.TrySetResult();
            }
        }
    }

    internal void Leave(string who, string what)
    {
        lock (_gate)
        {
            Print(who, what);
            _hops.Remove(who);
            if (_hops.Count == 0)
            {
                _quiet.TrySetResult();
            }
        }
    }

    /// <summary>What ran on a silo that was killed says nothing more.</summary>
    internal void Forget(string silo)
    {
        lock (_gate)
        {
            foreach (var who in _hops.Keys.Where(who => who.EndsWith($" on {silo}", StringComparison.Ordinal)).ToArray())
            {
                Leave(who, "is gone with its silo");
            }
        }
    }

    internal void Print(string who, string what)
    {
        lock (_gate)
        {
            Console.WriteLine($"{Stopwatch.GetElapsedTime(_start).TotalMilliseconds,6:0}  {who,-12} {what}");
        }
    }

    internal static string Left(Context ctx) =>
        ctx.Deadline is null ? "no deadline" : $"{ctx.Remaining.TotalMilliseconds:0} ms left";
}
