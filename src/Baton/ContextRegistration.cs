namespace Baton;

/// <summary>
/// A callback that waits for the end of a context: what <see cref="Context.AfterFunc(Action)"/> returns.
/// </summary>
/// <remarks>
/// <para>
/// Dispose it, or stop it, when the callback is no longer wanted. Until then the context keeps the callback
/// alive. Write <c>await using</c> if the code after the block must not run beside the callback, and
/// <c>using</c> if that does not matter.
/// </para>
/// <para>
/// All members may be called from any thread, any number of times. Copies stand for the same registration:
/// stopping one stops all. The default value is a registration that was stopped.
/// </para>
/// </remarks>
public readonly struct ContextRegistration
    : IDisposable, IAsyncDisposable, IEquatable<ContextRegistration>
{
    private readonly FuncCallback? _callback;

    internal ContextRegistration(FuncCallback callback) => _callback = callback;

    /// <summary>Keeps the callback from running, if it has not started.</summary>
    /// <returns>
    /// True if this call made sure that the callback never runs. False if the callback was started, or was
    /// stopped before.
    /// </returns>
    /// <remarks>
    /// Does not wait for a callback that runs. Exactly one of the two happens: a call returns true, or the
    /// callback runs.
    /// </remarks>
    public bool Stop() => _callback is { } callback && callback.Stop();

    /// <summary>
    /// Keeps the callback from running or, if it has started, waits until it has finished: until it has
    /// returned and the task that it returned has completed.
    /// </summary>
    /// <returns>
    /// As <see cref="Stop"/>. Once the task has completed, the callback is not running and never will be.
    /// </returns>
    /// <remarks>
    /// <para>
    /// A callback cannot wait for itself. Called by the callback, also after an await, or by code that the
    /// callback started, it returns false at once, while the callback still runs. That code is recognised by
    /// its <see cref="ExecutionContext"/>. A callback that suppresses the flow of it, and then waits for code
    /// that makes this call, waits for ever. So do two callbacks that wait for each other.
    /// </para>
    /// <para>Does not throw what the callback threw.</para>
    /// </remarks>
    public ValueTask<bool> StopAndWaitAsync() => _callback?.StopAndWaitAsync() ?? new ValueTask<bool>(false);

    /// <summary>The same as <see cref="Stop"/>: does not wait for a callback that runs.</summary>
    public void Dispose() => Stop();

    /// <summary>The same as <see cref="StopAndWaitAsync"/>: waits for a callback that runs.</summary>
    public ValueTask DisposeAsync()
    {
        var stopping = StopAndWaitAsync();
        return stopping.IsCompletedSuccessfully ? default : new ValueTask(stopping.AsTask());
    }

    /// <summary>Whether both stand for the same registration.</summary>
    public bool Equals(ContextRegistration other) => _callback == other._callback;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is ContextRegistration other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => _callback?.GetHashCode() ?? 0;

    /// <summary>Whether both stand for the same registration.</summary>
    public static bool operator ==(ContextRegistration left, ContextRegistration right) => left.Equals(right);

    /// <summary>Whether they stand for different registrations.</summary>
    public static bool operator !=(ContextRegistration left, ContextRegistration right) =>
        !left.Equals(right);
}
