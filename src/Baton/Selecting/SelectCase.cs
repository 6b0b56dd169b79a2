namespace Baton;

/// <summary>One case of a select, and its wait. It waits once: another wait takes a fresh one.</summary>
/// <remarks>
/// For one thread at a time, the one that has the run (see <see cref="SelectCases"/>), but for
/// <see cref="Run"/> and <see cref="IsSignaled"/>.
/// </remarks>
internal abstract class SelectCase(Delegate? handler) : Callback, IThreadPoolWorkItem
{
    private bool _isSignaled;

    /// <summary>Whose case it is, once it waits.</summary>
    private protected SelectCases? Waiter { get; private set; }

    private protected Delegate? Handler => handler;

    internal bool HasHandler => handler is not null;

    /// <summary>
    /// Whether no code of somebody else's has a part in it: a handler, a channel or a task.
    /// </summary>
    internal virtual bool IsPlain => handler is null;

    /// <summary>Whether the wait is over, so that the case is ready or, for a channel, may be.</summary>
    internal bool IsSignaled
    {
        // Acquire and release: whoever sees the flag sees what the wait ended with, which was written before
        // it.
        get => Volatile.Read(ref _isSignaled);
        set => Volatile.Write(ref _isSignaled, value);
    }

    internal bool IsWaiting => Waiter is not null;

    /// <summary>Whether something is left to do, or to throw, once the case is taken.</summary>
    internal virtual bool HasEpilogue => HasHandler;

    /// <summary>
    /// Takes the case, if that can be done at once. A channel case that cannot may start to wait.
    /// </summary>
    internal abstract bool TryTake(SelectCases run);

    /// <summary>Starts to wait, or takes the case after all.</summary>
    /// <returns>Whether it was taken.</returns>
    internal bool Await(SelectCases run)
    {
        Waiter = run;
        return Wait(run);
    }

    /// <summary>Lets go of what was waited on. Comes once, after the end of the run.</summary>
    internal virtual void Release()
    {
    }

    /// <summary>The same case, for another wait.</summary>
    internal abstract SelectCase Fresh();

    /// <summary>After the case was taken: runs the handler, or throws.</summary>
    /// <returns>What is left to wait for.</returns>
    internal virtual Task? Epilogue()
    {
        if (handler is Func<Task> asyncHandler)
        {
            return asyncHandler();
        }

        ((Action?)handler)?.Invoke();
        return null;
    }

    /// <summary>The context waited on is done: the case is ready, for good.</summary>
    internal override void Run() => Waiter!.Win(this);

    /// <summary>The run goes on, on the thread pool.</summary>
    void IThreadPoolWorkItem.Execute() => Waiter!.Resume();

    private protected abstract bool Wait(SelectCases run);
}
