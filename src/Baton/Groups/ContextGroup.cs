namespace Baton;

/// <summary>
/// Works that run side by side under one context, and are waited for together: Go's <c>errgroup</c>, and a
/// nursery.
/// </summary>
/// <remarks>
/// <para>
/// Lifetime: whoever makes it disposes it, <c>await using var group = ctx.Group();</c>. That waits for all
/// works and cancels none. Until then the context it was made from holds on to it.
/// </para>
/// <para>
/// Failures: a work fails if it throws, also before its first await, or is canceled while
/// <see cref="Context"/> is live. The first failure ends that context and is its <see cref="Context.Cause"/>;
/// it is what <see cref="WaitAsync"/> throws. A work that ends with an
/// <see cref="OperationCanceledException"/> once the context is done has followed it, and has not failed.
/// Failures that nobody awaited are reported by <see cref="TaskScheduler.UnobservedTaskException"/> after the
/// group was disposed.
/// </para>
/// <para>
/// Works: each begins on the thread pool, never on the thread that gives it, and under the <see
/// cref="ExecutionContext"/> of that call. Once the context is done none is started any more; one that was
/// given, but not started, is dropped: that is as if it had ended with the context's exception at once. One
/// that was started is run, and waited for however long it takes.
/// </para>
/// <para>
/// Threads: every member may be called from any thread, works included, which may give the group more works.
/// Only do not await <see cref="WaitAsync"/> or <see cref="DisposeAsync"/> in a work: it would wait for
/// itself.
/// </para>
/// </remarks>
public sealed partial class ContextGroup : IAsyncDisposable
{
    private readonly Context _parent;
    private readonly CancelableContext _ctx;

    internal ContextGroup(Context parent, int? limit)
    {
        _parent = parent;
        _ctx = parent.WithCancel();
        _limit = limit ?? int.MaxValue;
        if (limit is not null)
        {
            // Only where there is a limit can a work be waiting when the context ends.
            _ctx.Add(new GroupEnd(this));
        }
    }

    /// <summary>The context that the works are given. It ends with the first failure, with the context the
    /// group was made from, or when the group has been disposed.</summary>
    public Context Context => _ctx;

    /// <summary>The failures so far, the first one first. Empty as long as there is none.</summary>
    /// <remarks>
    /// A snapshot; complete once <see cref="WaitAsync"/> has completed. A work that awaited several tasks
    /// gives one for each that failed; the same exception is listed once, however many works it passed
    /// through. Reading them is not awaiting them: see the remarks on the type.
    /// </remarks>
    public IReadOnlyList<Exception> Failures
    {
        get
        {
            lock (_lock)
            {
                return DistinctFailures();
            }
        }
    }

    /// <summary>
    /// Gives the group a work, without waiting: it is started now or, at the limit, when it is its turn.
    /// </summary>
    /// <remarks>
    /// The works that wait for their turn are in no way limited: a loop over many items awaits <see
    /// cref="StartAsync"/> instead. If the context is done the work is dropped, and <see cref="WaitAsync"/>
    /// says why.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The group was disposed and all its works have ended.
    /// </exception>
    public void Go(Func<Context, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Add(new PlainWork(this, work));
    }

    /// <summary>
    /// Gives the group a work, as <see cref="Go(Func{Context, Task})"/>, and gives its result.
    /// </summary>
    /// <returns>
    /// A task that ends as the work does. If the work was dropped it is canceled, with the context's
    /// exception. A failure is the group's whether or not this task is awaited.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The group was disposed and all its works have ended.
    /// </exception>
    public Task<T> Go<T>(Func<Context, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var added = new ResultWork<T>(this, work);
        Add(added);
        return added.Result;
    }

    /// <summary>Starts a work if that can be done at once.</summary>
    /// <returns>
    /// True: the work was started. False, and nothing is kept: the limit is reached, or the context is done.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    public bool TryGo(Func<Context, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!TryTakePlace())
        {
            return false;
        }

        new PlainWork(this, work).Start();
        return true;
    }

    /// <summary>
    /// Waits for the work's turn, and starts it: what holds a loop back that feeds the group.
    /// </summary>
    /// <returns>
    /// A task that completes when the work was started, not when it has ended; at once if there is room.
    /// </returns>
    /// <remarks>
    /// Turns are taken in the order of the calls, those of <see cref="Go(Func{Context, Task})"/> included. If
    /// the context ends first, the wait ends with its exception, and the work will never run. So exactly one
    /// of two happens: this throws, or the work runs.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The group was disposed and all its works have ended.
    /// </exception>
    /// <exception cref="ContextCanceledException">
    /// The group's context was canceled first. The inner exception is the cause: of a failure, the failure.
    /// </exception>
    /// <exception cref="DeadlineExceededException">A deadline passed first.</exception>
    public Task StartAsync(Func<Context, Task> work)
    {
        if (TryGo(work))
        {
            return Task.CompletedTask;
        }

        var start = NewSource();
        Add(new PlainWork(this, work, start));
        return start.Task;
    }

    /// <summary>Waits until no work is left, and throws the first failure, if there is one.</summary>
    /// <remarks>
    /// <para>
    /// Like the task of <see cref="Task.WhenAll(Task[])"/>, this one has all failures in its <see
    /// cref="Task.Exception"/>, and awaiting it throws the first. If nothing failed, but the end of the
    /// context the group was made from made a work end, or kept one from starting, it throws that context's
    /// exception.
    /// </para>
    /// <para>
    /// It may be called again, at any time; a group that has not failed takes works after it as before. It
    /// cancels nothing, and is not cut short by the end of a context: works that are told to end are waited
    /// for.
    /// </para>
    /// </remarks>
    /// <exception cref="ContextCanceledException">
    /// Nothing failed, but the cancellation of the context the group was made from made a work end.
    /// </exception>
    /// <exception cref="DeadlineExceededException">The same, and it was a deadline that passed.</exception>
    public Task WaitAsync()
    {
        lock (_lock)
        {
            if (_pending > 0)
            {
                return (_wait ??= NewSource()).Task;
            }
        }

        var wait = NewSource();
        Settle(wait);
        return wait.Task;
    }

    /// <summary>
    /// Waits until no work is left, and then lets go of everything. Cancels nothing, throws nothing.
    /// </summary>
    /// <remarks>
    /// While it waits, the works may still give the group more. After that <see cref="Context"/> is done, and
    /// failures that neither <see cref="WaitAsync"/> nor the task of a result was there to give are reported
    /// by <see cref="TaskScheduler.UnobservedTaskException"/>. A second call waits along with the first.
    /// </remarks>
    public ValueTask DisposeAsync()
    {
        bool isFirst;
        lock (_lock)
        {
            if (_pending > 0)
            {
                _disposal ??= NewSource();
            }

            if (_disposal is not null)
            {
                return new ValueTask(_disposal.Task);
            }

            isFirst = !_isClosed;
            _isClosed = true;
        }

        if (isFirst)
        {
            Close();
        }
        else
        {
            // The first call may be about to do this.
            _ctx.Dispose();
        }

        return default;
    }

    // Whoever awaits one of these goes on beside the thread that completes it, never inside: it is in the
    // middle of the group's own business.
    private static TaskCompletionSource NewSource() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
