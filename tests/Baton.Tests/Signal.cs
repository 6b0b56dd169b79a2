namespace Baton.Tests;

/// <summary>
/// Set by a callback, awaited by a test. The test goes on beside the callback, never inside it.
/// </summary>
internal sealed class Signal() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

/// <inheritdoc />
internal sealed class Signal<T>()
    : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
