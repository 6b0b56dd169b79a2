namespace Baton;

/// <summary>A select of which no case was ready: waits on all of them until one is.</summary>
internal sealed class SelectWait
{
    private readonly TaskCompletionSource<int> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Arm?[] _arms;
    private int _isOver;

    internal SelectWait(SelectCase[] cases, Context clock)
    {
        _arms = new Arm?[cases.Length];
        for (var i = 0; i < cases.Length && Volatile.Read(ref _isOver) == 0; i++)
        {
            if (Target(cases[i], clock) is { } target)
            {
                var arm = _arms[i] = new Arm(this, i, target, isTimer: cases[i].Delay is not null);
                target.Add(arm);
            }
        }

        if (Volatile.Read(ref _isOver) != 0)
        {
            // Won while the arms were still being put out: the winner may not have seen them all.
            Release();
        }
    }

    internal Task<int> Task => _source.Task;

    /// <summary>
    /// The context whose end makes the case ready: for a delay, one with nothing but that timeout.
    /// </summary>
    private static CancelableContext? Target(SelectCase candidate, Context clock) => candidate switch
    {
        { Delay: { } delay } when delay != Timeout.InfiniteTimeSpan =>
            clock.WithoutCancel().WithTimeout(delay),
        { Context: { } ctx } => ctx.Owner,
        _ => null,
    };

    private void Win(int index)
    {
        if (Interlocked.CompareExchange(ref _isOver, 1, 0) == 0)
        {
            Release();
            _source.SetResult(index);
        }
    }

    private void Release()
    {
        foreach (var arm in _arms)
        {
            arm?.Release();
        }
    }

    private sealed class Arm(SelectWait wait, int index, CancelableContext target, bool isTimer) : Callback
    {
        internal override void Run() => wait.Win(index);

        internal void Release()
        {
            if (TryStop())
            {
                target.Remove(this);
            }

            if (isTimer)
            {
                target.EndIfLive();
            }
        }
    }
}
