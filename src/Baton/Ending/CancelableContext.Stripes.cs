using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton;

// A context from which many threads derive at once: its children and callbacks are spread over stripes, each
// with a lock of its own.
public abstract partial class CancelableContext
{
    /// <summary>
    /// The stripe of its parent that this context hangs on, counted from one; zero in the parent's own list.
    /// </summary>
    private short _stripe;

    /// <summary>Empty, unless threads have met at the lock again and again.</summary>
    private ReadOnlySpan<Stripe> Stripes =>
        IsMarked(Striped) ? Unsafe.As<StripeSet>(Source!.Attached!).Stripes : [];

    /// <summary>
    /// From now on, what is added to this context hangs on a stripe. What hangs on it stays where it is.
    /// </summary>
    internal void SpreadOut()
    {
        var source = Source ?? MakeSource();
        var stripes = new StripeSet();
        if (!EnterLive())
        {
            return;
        }

        if (!IsMarked(Striped))
        {
            stripes.FirstCallback = FirstCallback;
            source.Attached = stripes;
        }

        // Release: a thread that sees the mark sees the stripes.
        Exit(set: Striped);
    }

    private bool TryHangOnStripe(CancelableContext child)
    {
        var stripes = Stripes;
        var index = Seam.PickStripe(stripes.Length);
        var stripe = stripes[index];
        if (!stripe.EnterOpen())
        {
            return false;
        }

        child._stripe = (short)(index + 1);
        Link(child, ref stripe.Children);
        stripe.Exit();
        return true;
    }

    private bool TryHangOnStripe(Callback callback)
    {
        var stripes = Stripes;
        var index = Seam.PickStripe(stripes.Length);
        var stripe = stripes[index];

        // Written before the lock is taken: its exchange is a full fence between this write and the look at
        // IsStopped. So either that look sees the stop, or the thread that stopped the callback sees this
        // write, and takes the callback off after this thread has linked it.
        callback.Stripe = (short)(index + 1);
        if (!stripe.EnterOpen())
        {
            return false;
        }

        if (!callback.IsStopped)
        {
            callback.Link(ref stripe.Callbacks);
        }

        stripe.Exit();
        return true;
    }

    private bool RemoveFromStripe(Callback callback)
    {
        var stripe = Stripes[callback.Stripe - 1];
        if (!stripe.EnterOpen())
        {
            return false;
        }

        callback.Unlink(ref stripe.Callbacks);
        stripe.Exit();
        return true;
    }

    private void DisownOnStripe(CancelableContext child)
    {
        var stripe = Stripes[child._stripe - 1];
        if (stripe.EnterOpen())
        {
            Unlink(child, ref stripe.Children);
            stripe.Exit();
        }
    }

    /// <summary>
    /// Closes the next stripe that has children, of a context that is closed, and takes them.
    /// </summary>
    /// <param name="index">How many stripes have been closed.</param>
    private CancelableContext? CloseNextStripe(ref int index)
    {
        Debug.Assert(
            IsMarked(Closed), "A context closes before its stripes, so that no more stripes are made.");
        var stripes = Stripes;
        while (index < stripes.Length)
        {
            if (stripes[index++].Close() is { } children)
            {
                return children;
            }
        }

        return null;
    }
}
