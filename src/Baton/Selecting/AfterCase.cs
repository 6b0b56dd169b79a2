namespace Baton;

/// <summary>Ready when its delay has passed.</summary>
internal sealed class AfterCase(TimeSpan delay) : SelectCase
{
    internal TimeSpan Delay => delay;

    internal bool IsFinite => delay != Timeout.InfiniteTimeSpan;

    internal override Task<int>? TryTake(int index) =>
        delay == TimeSpan.Zero ? Task.FromResult(index) : null;

    internal override ISelectWait? NewWait(SelectRun run, ReadOnlySpan<SelectCase> cases)
    {
        if (!IsFinite)
        {
            return null;
        }

        var queue = QueueOf(cases);
        return new AfterWait(run, queue, delay, queue.DueAfter(delay));
    }

    /// <summary>
    /// The queue of the first context among the cases; without one, that of the system clock.
    /// </summary>
    private static DeadlineQueue QueueOf(ReadOnlySpan<SelectCase> cases)
    {
        foreach (var one in cases)
        {
            if (one is DoneCase { Context.Queue: var queue })
            {
                return queue;
            }
        }

        return DeadlineQueue.System;
    }
}

/// <summary>
/// A delay that waits in the queue of deadlines, and so is a context that nothing is derived from.
/// </summary>
internal sealed class AfterWait(SelectRun run, DeadlineQueue queue, TimeSpan delay, long due)
    : DeadlineContext(Context.Background, queue, delay, due, HasOnDone | HasWake), ISelectWait
{
    public Task<int>? Start(int index)
    {
        ScheduleLive(this);
        return null;
    }

    // Before Release nothing but the passing of the delay ends this context.
    public Task<int>? TryTake(int index) => IsDone ? Task.FromResult(index) : null;

    public void Release() => EndIfLive();

    private protected override void Wake()
    {
        if (HasExpired)
        {
            run.Ready(this);
        }
    }
}
