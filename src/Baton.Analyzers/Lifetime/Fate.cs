namespace Baton.Analyzers.Lifetime;

/// <summary>What the code around it does with a derived context that it has in hand.</summary>
internal enum Fate
{
    /// <summary>
    /// Asks it something, or passes it on as a <c>Context</c> or a token: whose it is stays as it was.
    /// </summary>
    Used,

    /// <summary>
    /// Makes it somebody else's: returns, stores, or hands it over as one that can be disposed.
    /// </summary>
    Moved,

    /// <summary>Disposes or cancels it, now or by <c>using</c>.</summary>
    Released,

    /// <summary>Puts it into a local variable.</summary>
    Kept,

    /// <summary>Puts another in its place.</summary>
    Overwritten,

    /// <summary>Drops it.</summary>
    Dropped,
}
