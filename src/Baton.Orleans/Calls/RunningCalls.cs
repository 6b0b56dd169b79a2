using System.Collections.Concurrent;

namespace Baton.Orleans;

/// <summary>The calls of a silo that their caller may cancel by number.</summary>
[ContextCarrier]
internal sealed class RunningCalls
{
    /// <summary>A canceled call that has not started after that long will not come.</summary>
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<long, CancelableContext> _running = new();

    /// <summary>Calls that were canceled before they started, and when.</summary>
    private readonly ConcurrentDictionary<long, long> _canceled = new();

    /// <summary>Adds a call; cancels it at once if its caller already has.</summary>
    internal void Add(long call, CancelableContext ctx)
    {
        _running[call] = ctx;

        // After the call is visible: a cancellation either finds it or has left its number.
        if (_canceled.TryRemove(call, out _))
        {
            ctx.Cancel(new GrainCallCanceledException());
        }
    }

    internal void Remove(long call)
    {
        _running.TryRemove(call, out _);
        _canceled.TryRemove(call, out _);
    }

    internal void Cancel(long call)
    {
        _canceled[call] = TimeProvider.System.GetTimestamp();
        if (_running.TryGetValue(call, out var ctx))
        {
            _canceled.TryRemove(call, out _);
            ctx.Cancel(new GrainCallCanceledException());
        }
        else if (_canceled.Count > 1000)
        {
            Forget();
        }
    }

    private void Forget()
    {
        foreach (var (call, time) in _canceled)
        {
            if (TimeProvider.System.GetElapsedTime(time) > s_memory)
            {
                _canceled.TryRemove(call, out _);
            }
        }
    }
}
