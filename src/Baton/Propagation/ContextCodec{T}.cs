namespace Baton;

/// <summary>Turns the values of a key into text and back, for <see cref="ContextPropagation"/>.</summary>
/// <remarks>
/// Any text will do: what a header cannot hold is percent-encoded on the way. Called from any thread.
/// </remarks>
/// <typeparam name="T">The type of the values.</typeparam>
public abstract class ContextCodec<T>
{
    /// <summary>
    /// The text of a value; null to leave the value out. Not called for a value that is null.
    /// </summary>
    public abstract string? Encode(T value);

    /// <summary>
    /// Reads a value. False if the text is none: it comes from another process and may be anything.
    /// </summary>
    public abstract bool TryDecode(string text, out T value);
}
