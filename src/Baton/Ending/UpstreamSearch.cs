namespace Baton;

/// <summary>
/// Asks everything that a context was merged from, if more than one way leads up. It asks each merged context
/// once. It keeps its own list of ways and does not recur, because merges can be deeper than the stack.
/// </summary>
internal sealed class UpstreamSearch
{
    /// <summary>A search that this thread may use again. Null while one is running.</summary>
    [ThreadStatic]
    private static UpstreamSearch? t_free;

    /// <summary>
    /// The merged contexts met so far, each with the index of the merged context whose other side led to it;
    /// -1 for the first chain.
    /// </summary>
    private readonly List<(MergedContext Merged, int Before)> _ways = [];
    private readonly HashSet<MergedContext> _seen = [];

    /// <summary>
    /// Whether anything has ended that ends <paramref name="ctx"/> too. If so, it is done on return.
    /// </summary>
    internal static bool HasEnded(CancelableContext ctx)
    {
        var search = t_free ?? new UpstreamSearch();
        t_free = null;
        try
        {
            return search.Run(ctx);
        }
        finally
        {
            search._ways.Clear();
            search._seen.Clear();
            t_free = search;
        }
    }

    private bool Run(CancelableContext ctx)
    {
        if (HasChainEnded(ctx, before: -1))
        {
            return true;
        }

        for (var i = 0; i < _ways.Count; i++)
        {
            if (!HasChainEnded(_ways[i].Merged.Other, i))
            {
                continue;
            }

            // The other side of this merged context is done. The merged context itself, and those through
            // which the search came here, may not have been told yet.
            for (var way = i; way >= 0; way = _ways[way].Before)
            {
                _ways[way].Merged.EndAsOther();
            }

            return true;
        }

        return false;
    }

    /// <summary>
    /// Asks a context and those that it was derived from, and notes the merged contexts among them. If one of
    /// them is done, so are those below it.
    /// </summary>
    private bool HasChainEnded(CancelableContext? above, int before)
    {
        for (; above is not null; above = above.Parent?.Owner)
        {
            if (above.HasEndedItself())
            {
                return true;
            }

            if (!above.MayLag)
            {
                return false;
            }

            if (above is MergedContext merged && _seen.Add(merged))
            {
                _ways.Add((merged, before));
            }
        }

        return false;
    }
}
