namespace Baton;

public abstract partial class Context
{
    /// <summary>Makes a group of tasks that run side by side: a failure of one ends the others.</summary>
    /// <remarks>
    /// Write <c>await using var group = ctx.Group();</c>, and await <see cref="ContextGroup.WaitAsync"/> at
    /// the end of the block: leaving the block cancels the tasks that still run, and waits for them. <see
    /// cref="RunGroupAsync"/> does both by itself. Until the group is disposed, this context holds on to it.
    /// </remarks>
    /// <param name="limit">
    /// How many tasks may run at once: one or more. The others wait, and start in the order in which they
    /// were given. Null, the default: all of them.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is less than one.</exception>
    public ContextGroup Group(int? limit = null)
    {
        Guard.Limit(limit);
        return new ContextGroup(this, limit);
    }

    /// <summary>
    /// Runs <paramref name="body"/> with a group of tasks, and completes when the body and all tasks have
    /// ended.
    /// </summary>
    /// <remarks>
    /// <para>
    /// If the body succeeds, its tasks are waited for and not canceled. An exception that leaves the body is
    /// a failure like that of a task: it ends the group's context and so the tasks, which are waited for too.
    /// The returned task fails if the body or a task has failed. It has the first failure, then the others,
    /// as <see cref="ContextGroup.WaitAsync"/> gives them.
    /// </para>
    /// <para>
    /// The body begins on the calling thread, takes none of the places that <paramref name="limit"/> counts,
    /// and may call <see cref="ContextGroup.WaitAsync"/>. It need not dispose the group.
    /// </para>
    /// </remarks>
    /// <param name="body">The function that gives the group its tasks.</param>
    /// <param name="limit">As for <see cref="Group"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is less than one.</exception>
    /// <exception cref="ContextCanceledException">
    /// Nothing failed, but the end of this context made the body or a task end.
    /// </exception>
    /// <exception cref="DeadlineExceededException">The same, and it was a deadline that passed.</exception>
    public Task RunGroupAsync(Func<ContextGroup, Task> body, int? limit = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        Guard.Limit(limit);
        return new ContextGroup(this, limit).RunAsync(body);
    }
}
