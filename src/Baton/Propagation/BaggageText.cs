namespace Baton;

/// <summary>The text of W3C's header <c>baggage</c>: <c>name=value;property, name=value</c>.</summary>
internal static class BaggageText
{
    /// <summary>
    /// The value of the first member of that name, without its properties; null if there is none.
    /// </summary>
    internal static string? Find(ReadOnlySpan<char> baggage, string name)
    {
        foreach (var range in baggage.Split(','))
        {
            var member = baggage[range];
            var equals = member.IndexOf('=');
            if (equals > 0 && member[..equals].Trim().SequenceEqual(name))
            {
                var value = member[(equals + 1)..];
                var semicolon = value.IndexOf(';');
                return (semicolon < 0 ? value : value[..semicolon]).Trim().ToString();
            }
        }

        return null;
    }
}
