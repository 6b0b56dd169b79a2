namespace Baton;

// Two things end a context without telling it at once: a foreign token, which runs its callbacks one after
// the other, and a context that this one was merged with. A reader may see either of them end before this
// context has been told. So IsDone, Err, Cause and Done ask them.
public abstract partial class CancelableContext
{
    /// <summary>
    /// How many cancellations of this process are between making contexts done and telling the merged
    /// contexts that follow them. While it is zero, no merged context lags behind another context.
    /// </summary>
    private static int s_telling;

    /// <summary>
    /// Whether the context itself, or the token it stands for, has ended. If so, the context is done on
    /// return. Asks nothing further up.
    /// </summary>
    internal bool HasEndedItself()
    {
        if (IsMarked(Flipping))
        {
            WaitUntilDone();
        }

        return IsMarked(Over) || (this is TokenContext over && over.Poll());
    }

    /// <summary>Whether something further up may end without telling this context at once.</summary>
    internal bool MayLag => IsMarked(AsksUpstream);

    /// <summary>Whether a foreign token ends this context, so that every reader asks the token.</summary>
    internal bool IsBelowToken => IsMarked(BelowToken);

    /// <summary>
    /// Marks <paramref name="other"/> as followed, before a merged context hangs on it.
    /// </summary>
    private protected static void MarkFollowed(CancelableContext other)
    {
        if (!other.IsMarked(Followed) && other.EnterLive())
        {
            other.Exit(set: Followed);
        }
    }

    /// <summary>
    /// Asks the foreign tokens and the merged contexts further up. If one has ended, this context is done on
    /// return.
    /// </summary>
    /// <remarks>
    /// Do not call it from inside a cancellation: it may wait for another cancellation. It takes one step for
    /// each context between this one and the token.
    /// </remarks>
    private bool EndedUpstream()
    {
        var above = this;
        do
        {
            if (above is TokenContext over)
            {
                return over.Poll();
            }

            if (above is MergedContext merged)
            {
                if (merged.Other is { MayLag: true } and not TokenContext)
                {
                    // More than one way leads up from here.
                    return UpstreamSearch.HasEnded(above);
                }

                if (merged.Other.HasEndedItself())
                {
                    merged.EndAsOther();
                    return true;
                }
            }

            above = above.Parent?.Owner;
        }
        while (above is not null && above.IsMarked(AsksUpstream));

        return false;
    }
}
