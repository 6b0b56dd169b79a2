namespace Baton;

/// <summary>
/// A callback waiting for the end of a context: what <see cref="Context.AfterFunc"/> returns.
/// </summary>
/// <remarks>
/// Stop it when the callback is no longer wanted; until then the context holds on to it. Safe to use from any
/// thread. Copies stand for the same registration. The default value is a stopped one.
/// </remarks>
public readonly struct ContextRegistration : IDisposable, IEquatable<ContextRegistration>
{
    private readonly FuncCallback? _callback;

    internal ContextRegistration(FuncCallback callback) => _callback = callback;

    /// <summary>Keeps the callback from running, if it has not started.</summary>
    /// <returns>
    /// True if this call made sure that the callback never runs. False if it was started, or was stopped
    /// before.
    /// </returns>
    /// <remarks>
    /// Waits for nothing. Exactly one of the two ever happens: a call returns true, or the callback runs.
    /// </remarks>
    public bool Stop() => _callback is { } callback && callback.Stop();

    /// <summary>Keeps the callback from running or, if it has started, waits until it has finished.</summary>
    /// <returns>
    /// As <see cref="Stop"/>. After either answer the callback is not running and never will be.
    /// </returns>
    /// <remarks>
    /// Called by the callback itself it returns false at once, for it cannot wait for itself. A callback that
    /// blocks on another thread making this call waits for ever.
    /// </remarks>
    public ValueTask<bool> StopAndWaitAsync() => _callback?.StopAndWaitAsync() ?? new ValueTask<bool>(false);

    /// <summary>The same as <see cref="Stop"/>.</summary>
    public void Dispose() => Stop();

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
