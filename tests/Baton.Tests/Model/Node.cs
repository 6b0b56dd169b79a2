using System.Collections.Immutable;

namespace Baton.Tests.Model;

/// <summary>How a context ended. Contexts that ended together share the object.</summary>
/// <param name="isDeadline">
/// Whether a deadline ended them: "context deadline exceeded", not "context canceled".
/// </param>
/// <param name="cause">The cause that was given, if any.</param>
internal sealed class Ending(bool isDeadline, Exception? cause)
{
    internal bool IsDeadline => isDeadline;

    internal Exception? Cause => cause;

    /// <summary>
    /// Whether a foreign token ended them. Each context on it has an error of its own then.
    /// </summary>
    internal bool IsForeign { get; init; }
}

/// <summary>What the model knows about a context.</summary>
internal sealed record Node
{
    /// <summary>The context it was derived from; -1 for a root.</summary>
    internal int Parent { get; init; } = -1;

    /// <summary>The other context that ends it, if it is merged.</summary>
    internal int Also { get; init; } = -1;

    /// <summary>The foreign token that ends it.</summary>
    internal int Source { get; init; } = -1;

    /// <summary>Whether it can ever end. If not, contexts derived from it hang on nothing.</summary>
    internal bool CanEnd { get; init; }

    internal int Clock { get; init; }

    /// <summary>When the deadline that governs it falls due: its own, or one further up.</summary>
    internal Int128? Due { get; init; }

    /// <summary>The cause that was given for that deadline.</summary>
    internal Exception? DueCause { get; init; }

    /// <summary>Whether that deadline is its own, and ends it.</summary>
    internal bool IsDueItself { get; init; }

    internal ImmutableDictionary<int, object?> Values { get; init; } =
        ImmutableDictionary<int, object?>.Empty;

    /// <summary>How it ended; null while live.</summary>
    internal Ending? Ending { get; init; }
}

internal enum Fate
{
    Waiting,
    Stopped,
    Started,
}
