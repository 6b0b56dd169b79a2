namespace Baton;

/// <summary>One registered key: the name of its value outside, and how the value becomes text.</summary>
internal abstract class PropagatedValue(string name, bool isBaggage)
{
    internal string Name => name;

    /// <summary>Whether the value travels as a member of <c>baggage</c>, without its own header.</summary>
    internal bool IsBaggage => isBaggage;

    internal abstract object Key { get; }

    /// <summary>The value's text. Null if the context has no value, or the codec leaves it out.</summary>
    internal abstract string? Encode(Context ctx);

    /// <summary>A child with the value; null if the text holds none.</summary>
    internal abstract Context? Decode(Context parent, string text);
}

/// <inheritdoc />
internal sealed class PropagatedValue<T>(
    string name, bool isBaggage, ContextKey<T> key, ContextCodec<T> codec)
    : PropagatedValue(name, isBaggage)
{
    internal override object Key => key;

    internal override string? Encode(Context ctx) =>
        ctx.TryGetValue(key, out var value) && value is not null ? codec.Encode(value) : null;

    internal override Context? Decode(Context parent, string text)
    {
        try
        {
            return codec.TryDecode(text, out var value) ? parent.WithValue(key, value) : null;
        }
        catch (Exception)
        {
            // The text comes from another process: a request must not fail because a codec throws at it.
            return null;
        }
    }
}
