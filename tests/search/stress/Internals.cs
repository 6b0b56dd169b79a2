using System.Runtime.CompilerServices;

namespace Baton.Stress;

/// <summary>What the core says of itself to tests only.</summary>
internal static class Internals
{
    private const string QueueType = "Baton.DeadlineQueue, Baton";

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ChildCount")]
    internal static extern int ChildCount(CancelableContext ctx);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_CallbackCount")]
    internal static extern int CallbackCount(CancelableContext ctx);

    /// <summary>Deadlines waiting on the system's clock.</summary>
    internal static int Waiting() => Count(Queue(Context.Background));

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Queue")]
    [return: UnsafeAccessorType(QueueType)]
    private static extern object Queue(Context ctx);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Count")]
    private static extern int Count([UnsafeAccessorType(QueueType)] object queue);
}
