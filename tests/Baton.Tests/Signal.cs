namespace Baton.Tests;

/// <summary>
/// A callback sets it, and a test awaits it. The test continues beside the callback, never inside it.
/// </summary>
internal sealed class Signal() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

/// <inheritdoc />
internal sealed class Signal<T>()
    : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
