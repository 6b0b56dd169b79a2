namespace Baton;

/// <summary>
/// A wait of <c>Select.After(delay).Done(ctx)</c>: the delay, its place below the context, and the task, in
/// one object.
/// </summary>
/// <remarks>
/// Most loops and requests that wait at all wait for these two, and a server may hold many such waits. This
/// context ends once: when the delay has passed, or when the parent ends, whichever comes first. Only the
/// queue and the parent refer to it.
/// </remarks>
internal sealed class DelayOrDoneContext : DeadlineContext
{
    /// <summary>The thread that ends this context must run no continuation of the awaiter.</summary>
    private readonly TaskCompletionSource<int> _taken =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DelayOrDoneContext(Context parent, DeadlineQueue queue, TimeSpan delay, int kind)
        : base(parent, queue, delay, queue.DueAfter(delay), kind)
    {
    }

    /// <summary>
    /// Starts to wait, if the cases are a finite delay and the end of a context, and no more.
    /// </summary>
    /// <returns>The task of the await; null if the cases are not these two.</returns>
    internal static Task<int>? TryStart(ReadOnlySpan<SelectCase> cases) => cases.Length != 2
        ? null
        : (cases[0], cases[1]) switch
        {
            (AfterCase { IsFinite: true } after, DoneCase done) =>
                Start(after, done, HasOnDone | HasWake),
            (DoneCase done, AfterCase { IsFinite: true } after) =>
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
            // The clock or the timer of the provider has failed: the await gives its exception.
            wait?.Dispose();
            return EndedTask.By<int>(e);
        }
    }

    private protected override void Wake() => _taken.SetResult(HasExpired == IsMarked(DelayIsSecond) ? 1 : 0);
}
