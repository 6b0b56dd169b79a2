namespace Baton;

/// <summary>
/// The text of RFC 7240's header <c>Prefer</c>: <c>name=value; parameter, name="quoted, value"</c>.
/// </summary>
internal static class PreferenceText
{
    /// <summary>
    /// The value of the first preference of that name, without its parameters and quotes; null if there is
    /// none. Names are the same in any case.
    /// </summary>
    internal static string? Find(ReadOnlySpan<char> list, string name)
    {
        while (!list.IsEmpty)
        {
            var end = End(list, ',');
            var preference = list[..end];
            list = list[Math.Min(end + 1, list.Length)..];
            preference = preference[..End(preference, ';')];
            var equals = preference.IndexOf('=');
            var found = equals < 0 ? preference : preference[..equals];
            if (found.Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return equals < 0 ? "" : Unquoted(preference[(equals + 1)..].Trim()).ToString();
            }
        }

        return null;
    }

    /// <summary>Where the separator stands, or the end: one within quotes separates nothing.</summary>
    private static int End(ReadOnlySpan<char> text, char separator)
    {
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted && text[i] == '\\')
            {
                i++;
            }
            else if (!isQuoted && text[i] == separator)
            {
                return i;
            }
        }

        return text.Length;
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value) =>
        value is ['"', .. var inner, '"'] ? inner : value;
}
