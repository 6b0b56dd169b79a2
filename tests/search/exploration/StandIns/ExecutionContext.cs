namespace Baton;

/// <summary>
/// Stands in for System.Threading.ExecutionContext in the core's sources. No execution context flows to a
/// callback: Coyote keeps the running operation in it, and a callback is an operation of its own.
/// </summary>
internal sealed class ExecutionContext
{
    private ExecutionContext()
    {
    }

    internal static ExecutionContext? Capture() => null;

    internal static void Run(ExecutionContext flow, ContextCallback callback, object? state)
    {
        _ = flow;
        callback(state);
    }

    internal static bool IsFlowSuppressed() => false;

    internal static Flow SuppressFlow() => default;

    internal static void RestoreFlow()
    {
    }

    internal readonly struct Flow
    {
        internal void Undo() => _ = this;
    }
}
