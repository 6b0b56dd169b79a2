namespace Baton.Compare;

/// <summary>One row of a table.</summary>
internal sealed record Act(string Name, string Title)
{
    /// <summary>What each flavour does, if the title does not say it.</summary>
    internal string How { get; init; } = "";

    internal Func<Runner>? DotNet { get; init; }

    internal Func<Runner>? Baton { get; init; }

    /// <summary>Whether <c>bench/go</c> has an act of the same name.</summary>
    internal bool HasGo { get; init; }

    /// <summary>
    /// Whether it builds something by the million: a slice is then one such thing, however long it takes.
    /// </summary>
    internal bool IsHeavy { get; init; }

    /// <summary>
    /// Whether it leaves a heap on which allocating is more expensive: the collector then gives new objects
    /// so much room that they are never in the cache. Each such act has workers of its own.
    /// </summary>
    internal bool IsLarge
    {
        get => field || IsHeavy;
        init;
    }

    /// <summary>
    /// Whether its workers use every kind of context or source first, as an application does: <see
    /// cref="Acts.EveryContext"/> and <see cref="Acts.EverySource"/>.
    /// </summary>
    internal bool IsAfterUse { get; init; }

    /// <summary>Acts with the same name here share their workers.</summary>
    internal string Process => IsLarge ? Name : IsAfterUse ? "after use" : "";

    internal IReadOnlyList<Bar> Bars { get; init; } = [];
}

/// <summary>Acts that share a table.</summary>
internal sealed record Group(string Title, IReadOnlyList<Act> Acts);
