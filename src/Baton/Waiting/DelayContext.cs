using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>
/// One <see cref="Context.Delay"/>: its deadline, its place below the context, and its task, in one object.
/// </summary>
/// <remarks>Only the queue and the parent ever hold it.</remarks>
internal sealed class DelayContext : DeadlineContext, IThreadPoolWorkItem
{
    /// <summary>
    /// Makes the task. It is a builder, because a completion source cannot be canceled with an exception of
    /// ours.
    /// </summary>
    private AsyncTaskMethodBuilder _builder;

    internal DelayContext(Context parent, DeadlineQueue queue, TimeSpan delay, long due)
        : base(parent, queue, delay, due, HasOnDone | HasWake)
    {
        // The builder makes the task when first asked for it. Ask now, while no other thread has this object:
        // later, the thread that completes the task would race with the thread that returns it.
        _ = _builder.Task;
    }

    internal Task Task => _builder.Task;

    /// <summary>Completes the task, and so runs the code that awaits it.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (HasExpired)
        {
            _builder.SetResult();
        }
        else if (Parent!.IsDone)
        {
            _builder.SetException(Parent.NewError());
        }
    }

    /// <summary>
    /// Completes the task on the thread pool: no code of others may run on the thread that ends a context.
    /// </summary>
    private protected override void Wake() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}
