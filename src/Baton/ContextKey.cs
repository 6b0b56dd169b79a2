namespace Baton;

/// <summary>A key for one kind of request value. Equal only to itself.</summary>
/// <remarks>
/// Make each key once, as a <c>static readonly</c> field: a key made per call never finds what another call
/// stored. A private key keeps its values private. Safe to use from any thread.
/// </remarks>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class ContextKey<T>
{
    /// <summary>Makes a key that is equal only to itself, whatever its name.</summary>
    /// <param name="name">What <see cref="Context.ToString"/> shows in place of the value.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public ContextKey(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        FilterBit = ValueFilter.NextKey();
    }

    /// <summary>The name, for people: it plays no part in finding a value.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether the values are secrets, which never leave the process. False by default.
    /// </summary>
    /// <remarks><see cref="ContextPropagation"/> refuses such a key.</remarks>
    public bool IsSensitive { get; init; }

    /// <summary>This key's bit in the filter of a value context.</summary>
    internal ulong FilterBit { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
