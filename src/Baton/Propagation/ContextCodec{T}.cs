namespace Baton;

/// <summary>Turns the values of a key into text and back, for <see cref="ContextPropagation"/>.</summary>
/// <remarks>
/// Any text is allowed: characters that a header cannot hold are percent-encoded on the way. The members are
/// called from any thread.
/// </remarks>
/// <typeparam name="T">The type of the values.</typeparam>
public abstract class ContextCodec<T>
{
    /// <summary>
    /// Gives the text of a value, or null to leave the value out. A value that is null is left out without a
    /// call.
    /// </summary>
    public abstract string? Encode(T value);

    /// <summary>
    /// Reads a value. Return false for a text that holds none: it comes from another process and may be
    /// anything.
    /// </summary>
    public abstract bool TryDecode(string text, out T value);
}
