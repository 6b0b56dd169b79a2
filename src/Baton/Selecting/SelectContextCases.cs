namespace Baton;

/// <summary>Ready when its context is done.</summary>
internal sealed class DoneCase(Context ctx, Delegate? handler) : SelectCase(handler)
{
    internal Context Context => ctx;

    internal override bool TryTake(SelectCases run) => ctx.IsDone;

    internal override SelectCase Fresh() => new DoneCase(ctx, Handler);

    internal override void Release()
    {
        if (IsWaiting && ctx.Owner is { } owner && TryStop())
        {
            owner.Remove(this);
        }
    }

    private protected override bool Wait(SelectCases run)
    {
        ctx.Owner?.Add(this);
        return false;
    }
}

/// <summary>Ready when its time has passed.</summary>
internal sealed class AfterCase(TimeSpan delay, Delegate? handler) : SelectCase(handler)
{
    private Timer? _timer;

    internal TimeSpan Delay => delay;

    internal bool IsFinite => delay != Timeout.InfiniteTimeSpan;

    internal override bool TryTake(SelectCases run) => delay == TimeSpan.Zero || IsSignaled;

    internal override SelectCase Fresh() => new AfterCase(delay, Handler);

    internal override void Release() => _timer?.EndIfLive();

    private protected override bool Wait(SelectCases run)
    {
        if (IsFinite)
        {
            _timer = Timer.Start(this, run.Queue, delay);
        }

        return false;
    }

    /// <summary>The delay's node in the queue.</summary>
    private sealed class Timer(AfterCase waiting, DeadlineQueue queue, TimeSpan delay, long due)
        : DeadlineContext(Context.Background, queue, delay, due, HasOnDone | HasWake)
    {
        internal static Timer Start(AfterCase waiting, DeadlineQueue queue, TimeSpan delay)
        {
            var timer = new Timer(waiting, queue, delay, queue.DueAfter(delay));
            ScheduleLive(timer);
            return timer;
        }

        private protected override void Wake()
        {
            if (HasExpired)
            {
                waiting.Run();
            }
        }
    }
}

/// <summary>Never ready: taken when no other is.</summary>
internal sealed class DefaultCase(Delegate? handler) : SelectCase(handler)
{
    internal override bool TryTake(SelectCases run) => false;

    internal override SelectCase Fresh() => new DefaultCase(Handler);

    private protected override bool Wait(SelectCases run) => false;
}

/// <summary>Stands for a case that was taken by its failure.</summary>
internal sealed class FailedCase(Exception error) : SelectCase(handler: null)
{
    internal override bool HasEpilogue => true;

    internal override bool TryTake(SelectCases run) => true;

    internal override SelectCase Fresh() => this;

    internal override Task? Epilogue()
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        return null;
    }

    private protected override bool Wait(SelectCases run) => true;
}
