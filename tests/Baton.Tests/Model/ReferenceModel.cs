namespace Baton.Tests.Model;

/// <summary>
/// Says what contexts have to do, one operation after the other, in as little code as possible. It was
/// written from Go's package and from the promises. It is slow, and obviously right.
/// </summary>
internal sealed class ReferenceModel
{
    /// <summary>29,000 years: deadlines further away are all the same.</summary>
    private const long Forever = long.MaxValue - 1;

    private readonly List<Node> _nodes;
    private readonly List<(int On, Fate Fate)> _callbacks;
    private readonly Int128[] _now = new Int128[2];
    private readonly bool[] _isSourceCanceled = new bool[2];

    internal ReferenceModel() => (_nodes, _callbacks) = ([], []);

    /// <summary>A copy that changes independently.</summary>
    internal ReferenceModel(ReferenceModel other) =>
        (_nodes, _callbacks) = ([.. other._nodes], [.. other._callbacks]);

    internal IReadOnlyList<Node> Nodes => _nodes;

    internal IReadOnlyList<(int On, Fate Fate)> Callbacks => _callbacks;

    internal Int128 Now(int clock) => _now[clock];

    /// <summary>The time left; null if there is no deadline.</summary>
    internal Int128? Remaining(int on) =>
        _nodes[on].Due is { } due ? Int128.Max(0, due - _now[_nodes[on].Clock]) : null;

    internal int Root(int clock) => Add(new Node { Clock = clock });

    internal int WithCancel(int on) => Add(Child(on) with { CanEnd = true });

    /// <summary>
    /// Merging: the context is done when either of two is, and the earlier of the two deadlines counts.
    /// </summary>
    internal int WithCancel(int on, int also)
    {
        if (!_nodes[also].CanEnd)
        {
            return WithCancel(on);
        }

        var child = Child(on) with { CanEnd = true, Also = also };
        return Add(_nodes[also].Ending is null && Remaining(also) is { } left
            ? Bounded(child, left, _nodes[also].DueCause)
            : child);
    }

    /// <summary>
    /// A strictly earlier deadline further up stays; a done parent wins over a deadline that has passed.
    /// </summary>
    internal int WithTimeout(int on, Int128 timeout, Exception? cause)
    {
        var child = Add(Bounded(Child(on) with { CanEnd = true }, timeout, cause));
        if (_nodes[child].IsDueItself && timeout <= 0)
        {
            End(child, new Ending(isDeadline: true, cause));
        }

        return child;
    }

    internal int WithValue(int on, int key, object? value) =>
        Add(Child(on) with { Values = _nodes[on].Values.SetItem(key, value) });

    internal int WithoutCancel(int on) =>
        Add(new Node { Parent = on, Clock = _nodes[on].Clock, Values = _nodes[on].Values });

    /// <summary>A context that ends with a foreign token, on a root of the clock.</summary>
    internal int FromToken(int source, int clock)
    {
        var ctx = Add(new Node { Source = source, CanEnd = true, Clock = clock });
        if (_isSourceCanceled[source])
        {
            End(ctx, new Ending(isDeadline: false, cause: null) { IsForeign = true });
        }

        return ctx;
    }

    internal void Cancel(int on, Exception? cause) => End(on, new Ending(isDeadline: false, cause));

    internal void CancelSource(int source)
    {
        _isSourceCanceled[source] = true;
        for (var ctx = 0; ctx < _nodes.Count; ctx++)
        {
            if (_nodes[ctx].Source == source)
            {
                End(ctx, new Ending(isDeadline: false, cause: null) { IsForeign = true });
            }
        }
    }

    /// <summary>
    /// Deadlines fall due in their order; those that are equal, in the order in which they were made.
    /// </summary>
    internal void Advance(int clock, Int128 by)
    {
        _now[clock] += by;
        foreach (var ctx in Enumerable.Range(0, _nodes.Count)
            .Where(ctx =>
                _nodes[ctx].IsDueItself && _nodes[ctx].Clock == clock && _nodes[ctx].Due <= _now[clock])
            .OrderBy(ctx => _nodes[ctx].Due))
        {
            End(ctx, new Ending(isDeadline: true, _nodes[ctx].DueCause));
        }
    }

    internal int AfterFunc(int on)
    {
        _callbacks.Add((on, _nodes[on].Ending is null ? Fate.Waiting : Fate.Started));
        return _callbacks.Count - 1;
    }

    internal bool Stop(int callback)
    {
        var (on, fate) = _callbacks[callback];
        if (fate == Fate.Waiting)
        {
            _callbacks[callback] = (on, Fate.Stopped);
        }

        return fate == Fate.Waiting;
    }

    /// <summary>
    /// Of this context and those derived from it, the live ones that have no live context below them.
    /// </summary>
    internal List<int> Lowest(int on) => _nodes[on].Ending is not null
        ? []
        : Below(on).SelectMany(Lowest).Distinct().DefaultIfEmpty(on).ToList();

    /// <summary>Takes one context from live to done, and starts its callbacks.</summary>
    internal void EndOne(int ctx, Ending ending)
    {
        _nodes[ctx] = _nodes[ctx] with { Ending = ending };
        for (var callback = 0; callback < _callbacks.Count; callback++)
        {
            Start(callback, ctx);
        }
    }

    internal void Start(int callback, int on)
    {
        if (_callbacks[callback] == (on, Fate.Waiting))
        {
            _callbacks[callback] = (on, Fate.Started);
        }
    }

    /// <summary>The first cancellation to reach a context fixes how it ends.</summary>
    private void End(int on, Ending ending)
    {
        while (Lowest(on) is [var lowest, ..])
        {
            EndOne(lowest, ending);
        }
    }

    /// <summary>The live contexts that end directly with this one.</summary>
    private IEnumerable<int> Below(int on) => Enumerable.Range(0, _nodes.Count).Where(ctx =>
        _nodes[ctx] is { Ending: null, CanEnd: true } node && (node.Parent == on || node.Also == on));

    private Node Child(int on) =>
        _nodes[on] with { Parent = on, Also = -1, Source = -1, IsDueItself = false };

    private Node Bounded(Node child, Int128 timeout, Exception? cause)
    {
        var due = Int128.Min(_now[child.Clock] + timeout, Forever);
        return child.Due < due ? child : child with { Due = due, DueCause = cause, IsDueItself = true };
    }

    private int Add(Node node)
    {
        // A new context may be done at once: by its parent first, then by the context it is merged with.
        _nodes.Add(node with { Ending = node.Ending ?? (node.Also >= 0 ? _nodes[node.Also].Ending : null) });
        return _nodes.Count - 1;
    }
}
