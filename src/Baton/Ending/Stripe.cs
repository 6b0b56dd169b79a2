using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>
/// One of several lists, about one for each core, that share the children and callbacks of a busy context.
/// </summary>
/// <remarks>
/// Each core prefers a stripe, so that two cores seldom want the same lock. The cancellation that has closed
/// the context closes the stripe, once, and then owns its children and callbacks.
/// </remarks>
internal sealed class Stripe
{
    /// <summary>The newest child. The lock guards it until the stripe closes.</summary>
    internal CancelableContext? Children;

    /// <summary>The newest callback, guarded likewise.</summary>
    internal Callback? Callbacks;

    private int _state;

    // It only takes up room, so that the stripes of two cores never share a line of a cache.
#pragma warning disable CS0169, IDE0051
    private readonly Line _line;
#pragma warning restore CS0169, IDE0051

    /// <summary>Takes the lock, unless the stripe is closed.</summary>
    internal bool EnterOpen() => StateLock.EnterOpen(ref _state);

    internal void Exit() => StateLock.Exit(ref _state);

    /// <summary>Closes the stripe, which is open, for good.</summary>
    /// <returns>Its children.</returns>
    internal CancelableContext? Close()
    {
        EnterOpen();
        StateLock.Exit(ref _state, set: StateLock.Closed);
        var children = Children;
        Children = null;
        return children;
    }

    /// <summary>Takes the callbacks of a stripe that is closed.</summary>
    internal Callback? TakeCallbacks()
    {
        var callbacks = Callbacks;
        Callbacks = null;
        return callbacks;
    }

    [InlineArray(16)]
    private struct Line
    {
        private long _word;
    }
}
