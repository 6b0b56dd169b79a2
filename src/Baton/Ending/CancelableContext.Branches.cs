using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton;

// A context from which many threads derive at once: what hangs on it is spread over branches, each with a
// lock of its own.
public abstract partial class CancelableContext
{
    /// <summary>The next sibling.</summary>
    internal CancelableContext? Next => _next;

    /// <summary>None, unless threads have met at the lock again and again.</summary>
    private ReadOnlySpan<Branch> Branches =>
        IsMarked(Branched) ? Unsafe.As<BranchSet>(Source!.Attached!).Branches : [];

    /// <summary>
    /// From now on, what comes to hang on this context hangs on a branch. What hangs on it stays where it is.
    /// </summary>
    internal void BranchOut()
    {
        var source = Source ?? MakeSource();
        var branches = new BranchSet();
        if (!EnterLive())
        {
            return;
        }

        if (!IsMarked(Branched))
        {
            branches.FirstCallback = FirstCallback;
            source.Attached = branches;
        }

        // Release: whoever sees the mark sees the branches.
        Exit(set: Branched);
    }

    private bool TryHangOnBranch(CancelableContext child)
    {
        var branches = Branches;
        var index = Seam.PickBranch(branches.Length);
        var branch = branches[index];
        if (!branch.EnterLive())
        {
            return false;
        }

        child._branch = (short)(index + 1);
        Link(child, ref branch.Children);
        branch.Exit();
        return true;
    }

    private bool TryHangOnBranch(Callback callback)
    {
        var branches = Branches;
        var index = Seam.PickBranch(branches.Length);
        var branch = branches[index];

        // Before the lock, whose exchange is a full fence between this and the look at whether it was
        // stopped: either that sees it, or the one who stopped it sees where it hangs, and comes by after
        // this.
        callback.Branch = (short)(index + 1);
        if (!branch.EnterLive())
        {
            return false;
        }

        if (!callback.IsStopped)
        {
            callback.Link(ref branch.Callbacks);
        }

        branch.Exit();
        return true;
    }

    private bool RemoveFromBranch(Callback callback)
    {
        var branch = Branches[callback.Branch - 1];
        if (!branch.EnterLive())
        {
            return false;
        }

        callback.Unlink(ref branch.Callbacks);
        branch.Exit();
        return true;
    }

    private void DisownOnBranch(CancelableContext child)
    {
        var branch = Branches[child._branch - 1];
        if (branch.EnterLive())
        {
            Unlink(child, ref branch.Children);
            branch.Exit();
        }
    }

    /// <summary>
    /// Closes the next branch that has children, of a context that is closed, and takes them.
    /// </summary>
    /// <param name="index">How many branches have been closed.</param>
    private CancelableContext? CloseNextBranch(ref int index)
    {
        Debug.Assert(
            IsMarked(Closed), "A context closes before its branches, so that it gets no more of them.");
        var branches = Branches;
        while (index < branches.Length)
        {
            if (branches[index++].Close() is { } children)
            {
                return children;
            }
        }

        return null;
    }
}
