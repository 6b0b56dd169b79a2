using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>A part of what hangs on a context that threads on many cores derive from.</summary>
/// <remarks>
/// Each core prefers a branch, so that two of them seldom want the same lock. Closed once, by the
/// cancellation that has closed the context; then its children and callbacks are that one's.
/// </remarks>
internal sealed class Branch
{
    private const int Locked = 1;
    private const int Closed = 2;

    /// <summary>The newest of each, guarded by the lock until closed.</summary>
    internal CancelableContext? Children;

    /// <inheritdoc cref="Children" />
    internal Callback? Callbacks;

    private int _state;

    // It only takes up room: branches of two cores are never in one line of their caches.
#pragma warning disable CS0169, IDE0051
    private readonly Line _line;
#pragma warning restore CS0169, IDE0051

    /// <summary>Children hanging here, for tests.</summary>
    internal int ChildCount
    {
        get
        {
            var count = 0;
            if (EnterLive())
            {
                for (var child = Children; child is not null; child = child.Next)
                {
                    count++;
                }

                Exit();
            }

            return count;
        }
    }

    /// <summary>Callbacks hanging here, for tests.</summary>
    internal int CallbackCount
    {
        get
        {
            var count = 0;
            if (EnterLive())
            {
                for (var callback = Callbacks; callback is not null; callback = callback.Next)
                {
                    count++;
                }

                Exit();
            }

            return count;
        }
    }

    /// <summary>Takes the lock, unless the branch is closed.</summary>
    internal bool EnterLive()
    {
        for (var wait = default(SpinWait); ; Seam.Wait(ref wait))
        {
            // The exchange is a full fence: what the last holder wrote is seen by this one.
            var state = Interlocked.CompareExchange(ref _state, Locked, 0);
            if (state == 0)
            {
                return true;
            }

            if (state == Closed)
            {
                return false;
            }
        }
    }

    /// <summary>Release: what the holder wrote is seen by the next one.</summary>
    internal void Exit() => Volatile.Write(ref _state, 0);

    /// <summary>Closes the branch, which is live, for good.</summary>
    /// <returns>Its children.</returns>
    internal CancelableContext? Close()
    {
        EnterLive();
        Volatile.Write(ref _state, Closed);
        var children = Children;
        Children = null;
        return children;
    }

    /// <summary>The callbacks of a branch that is closed.</summary>
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
