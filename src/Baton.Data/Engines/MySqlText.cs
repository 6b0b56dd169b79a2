namespace Baton.Data;

/// <summary>Tells whether a text, in the SQL of MySQL and MariaDB, is one query or one change of rows.</summary>
/// <remarks>
/// A limit in front of a text reaches its first statement alone. A semicolon may stand in quotes, and is then counted
/// as well: such a text has no limit, and is canceled.
/// </remarks>
internal static class MySqlText
{
    internal static bool IsOneStatement(string text)
    {
        var rest = SkipComments(text).TrimEnd();
        rest = rest.EndsWith(';') ? rest[..^1] : rest;
        return IsPlainWord(rest.TrimStart("( \t\r\n")) && !rest.Contains(';');
    }

    private static bool IsPlainWord(ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && char.IsAsciiLetter(rest[length]))
        {
            length++;
        }

        Span<char> word = stackalloc char[7];
        if (length > word.Length)
        {
            return false;
        }

        word = word[..rest[..length].ToUpperInvariant(word)];
        return word is "SELECT" or "INSERT" or "UPDATE" or "DELETE" or "REPLACE" or "WITH" or "VALUES";
    }

    /// <summary>
    /// Skips white space and comments to the end of their lines. What stands between <c>/*</c> and <c>*/</c> may be
    /// run, so a text that begins with it is not looked at.
    /// </summary>
    private static ReadOnlySpan<char> SkipComments(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        while (rest.StartsWith("-- ") || rest.StartsWith("--\n") || rest.StartsWith("#"))
        {
            rest = rest.IndexOf('\n') is >= 0 and var end ? rest[end..].TrimStart() : default;
        }

        return rest;
    }
}
