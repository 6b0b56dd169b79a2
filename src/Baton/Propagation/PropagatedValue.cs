namespace Baton;

/// <summary>One registered key: how its value is called outside, and how it becomes text.</summary>
internal abstract class PropagatedValue(string name, bool isBaggage)
{
    internal string Name => name;

    /// <summary>Whether it travels as a member of <c>baggage</c> instead of in a header of its own.</summary>
    internal bool IsBaggage => isBaggage;

    internal abstract object Key { get; }

    /// <summary>The value's text. Null if the context has no value, or none that is to be sent.</summary>
    internal abstract string? Encode(Context ctx);

    /// <summary>A child with the value; null if the text is none.</summary>
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
            // Whatever a caller sends, and a codec makes of it: no request fails for that.
            return null;
        }
    }
}
