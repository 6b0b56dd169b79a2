namespace Baton;

/// <summary>
/// What the core's sources find here under the name of System.Threading.ExecutionContext. None flows to a
/// callback: Coyote keeps in it which operation is running, and a callback is one of its own.
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
