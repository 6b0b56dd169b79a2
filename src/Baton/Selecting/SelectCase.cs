namespace Baton;

/// <summary>One case of a select. It never changes, so any number of runs may share it.</summary>
internal abstract class SelectCase
{
    /// <summary>Stands for every case that was added with <c>when: false</c>.</summary>
    internal static readonly SelectCase Never = new UnreadyCase();

    /// <summary>Stands for the default case: it is never ready, but taken if no other case is.</summary>
    internal static readonly SelectCase Default = new UnreadyCase();

    /// <summary>
    /// Whether only code of this assembly takes part in the case, so that it may run on any thread. False for
    /// channels and tasks.
    /// </summary>
    internal virtual bool IsPlain => true;

    /// <summary>
    /// Whether the case may be ready although <see cref="TryTake"/> has failed: its channel may have ended,
    /// and only a wait on the channel tells that.
    /// </summary>
    internal virtual bool IsToldByWaiting => false;

    /// <summary>Takes the case, if it is ready.</summary>
    /// <param name="index">Where the case stands in its select.</param>
    /// <returns>
    /// What the await gives: a completed task with the index, or with the exception that the case ended with.
    /// Null if the case is not ready.
    /// </returns>
    internal abstract Task<int>? TryTake(int index);

    /// <summary>Makes a wait for this case, which has not started.</summary>
    /// <param name="run">The run that the wait belongs to.</param>
    /// <param name="cases">All cases of the select.</param>
    /// <returns>Null if the case can never become ready.</returns>
    internal abstract ISelectWait? NewWait(SelectRun run, ReadOnlySpan<SelectCase> cases);

    private sealed class UnreadyCase : SelectCase
    {
        internal override Task<int>? TryTake(int index) => null;

        internal override ISelectWait? NewWait(SelectRun run, ReadOnlySpan<SelectCase> cases) => null;
    }
}

/// <summary>
/// The wait for one case in one run. Only the thread that holds the run calls these members.
/// </summary>
internal interface ISelectWait
{
    /// <summary>
    /// Starts to wait. From now on any thread may call <see cref="SelectRun.Ready"/> or <see
    /// cref="SelectRun.Wake"/> for this wait.
    /// </summary>
    /// <param name="index">Where the case stands in its select.</param>
    /// <returns>The outcome if the case was taken instead, else null.</returns>
    Task<int>? Start(int index);

    /// <summary>Takes the case, if the wait is over and the case is ready.</summary>
    /// <inheritdoc cref="Start" path="/param" />
    /// <returns>The outcome if the case was taken, else null.</returns>
    Task<int>? TryTake(int index);

    /// <summary>
    /// Gives up the wait. Called once, when the run is over. Waits that use <see cref="SelectRun.StopToken"/>
    /// are given up by the token.
    /// </summary>
    void Release();
}
