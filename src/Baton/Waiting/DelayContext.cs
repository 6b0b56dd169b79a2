using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>
/// One <see cref="Context.Delay"/>: its deadline, its place below the context, and its task.
/// </summary>
/// <remarks>Nobody but the queue and the parent ever holds it.</remarks>
internal sealed class DelayContext : DeadlineContext, IThreadPoolWorkItem
{
    /// <summary>Gives a task that can be canceled with an exception of ours.</summary>
    private AsyncTaskMethodBuilder _builder;

    internal DelayContext(Context parent, DeadlineQueue queue, TimeSpan delay, long due)
        : base(parent, queue, delay, due, HasOnDone | HasWake)
    {
        // The builder makes the task when first asked: now, before another thread can complete it.
        _ = _builder.Task;
    }

    internal Task Task => _builder.Task;

    /// <summary>The task of a delay that was over before it began.</summary>
    internal static Task OfDone(OperationCanceledException error)
    {
        var builder = AsyncTaskMethodBuilder.Create();
        builder.SetException(error);
        return builder.Task;
    }

    /// <summary>On the pool, because whoever awaits the task goes on from here.</summary>
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

    private protected override void Wake() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}
