namespace Baton;

/// <summary>
/// A wait of <c>Select.After(delay).Done(ctx)</c>: the delay, its place below the context, and the task, in
/// one.
/// </summary>
/// <remarks>
/// What a loop or a request waits in for as long as it waits at all. Whichever of the two comes first ends
/// this context, which happens once. Nobody but the queue and the parent ever holds it.
/// </remarks>
internal sealed class DelayOrDoneContext : DeadlineContext
{
    /// <summary>So that whoever ends the wait runs nobody's code.</summary>
    private readonly TaskCompletionSource<int> _taken =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DelayOrDoneContext(Context parent, DeadlineQueue queue, TimeSpan delay, int kind)
        : base(parent, queue, delay, queue.DueAfter(delay), kind)
    {
    }

    /// <summary>Starts to wait, if these are a delay and the end of a context without handlers.</summary>
    /// <returns>The index of the one that comes first; null if they are not.</returns>
    internal static Task<int>? TryStart(SelectCase first, SelectCase second) => (first, second) switch
    {
        (AfterCase { IsPlain: true, IsFinite: true } after, DoneCase { IsPlain: true } done) =>
            Start(after, done, HasOnDone | HasWake),
        (DoneCase { IsPlain: true } done, AfterCase { IsPlain: true, IsFinite: true } after) =>
            Start(after, done, HasOnDone | HasWake | DelayIsSecond),
        _ => null,
    };

    private static Task<int> Start(AfterCase after, DoneCase done, int kind)
    {
        DelayOrDoneContext? wait = null;
        try
        {
            var ctx = done.Context;
            wait = new DelayOrDoneContext(ctx, ctx.Queue, after.Delay, kind);
            ctx.Owner?.Adopt(wait);
            wait.HomeQueue.Add(wait);
            return wait._taken.Task;
        }
        catch (Exception e)
        {
            // The provider's clock or timer has failed, and that is the awaiter's.
            wait?.Dispose();
            return EndedTask.By<int>(e);
        }
    }

    private protected override void Wake() => _taken.SetResult(HasExpired == IsMarked(DelayIsSecond) ? 1 : 0);
}
