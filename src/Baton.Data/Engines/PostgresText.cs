namespace Baton.Data;

/// <summary>
/// Looks at the first word of each statement of a text, in PostgreSQL's SQL, to tell whether other statements
/// may stand around it.
/// </summary>
/// <remarks>
/// A statement that begins or ends a transaction, or that must be alone (<c>VACUUM</c>, <c>CREATE DATABASE</c>,
/// <c>CREATE INDEX CONCURRENTLY</c>, a <c>CALL</c> that commits), fails or means something else when it is not
/// the only one. So only queries and changes of rows count as plain.
/// </remarks>
internal static class PostgresText
{
    private static readonly System.Buffers.SearchValues<char> s_marks =
        System.Buffers.SearchValues.Create("'\"$-/;");

    internal static bool IsPlain(string text)
    {
        var rest = text.AsSpan();
        var isAny = false;
        while (true)
        {
            rest = SkipToWord(rest);
            if (rest.IsEmpty)
            {
                return isAny;
            }

            if (rest[0] == ';')
            {
                rest = rest[1..];
                continue;
            }

            if (!IsPlainWord(rest))
            {
                return false;
            }

            isAny = true;
            rest = SkipStatement(rest);
        }
    }

    private static bool IsPlainWord(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart("( \t\r\n");
        var length = 0;
        while (length < rest.Length && char.IsAsciiLetter(rest[length]))
        {
            length++;
        }

        Span<char> word = stackalloc char[6];
        if (length > word.Length)
        {
            return false;
        }

        word = word[..rest[..length].ToUpperInvariant(word)];
        return word is "SELECT" or "INSERT" or "UPDATE" or "DELETE" or "WITH" or "MERGE" or "VALUES" or "TABLE";
    }

    /// <summary>Skips white space and comments.</summary>
    private static ReadOnlySpan<char> SkipToWord(ReadOnlySpan<char> rest)
    {
        while (true)
        {
            rest = rest.TrimStart();
            if (rest.StartsWith("--"))
            {
                rest = AfterLine(rest);
            }
            else if (rest.StartsWith("/*"))
            {
                rest = AfterComment(rest);
            }
            else
            {
                return rest;
            }
        }
    }

    /// <summary>Skips to the semicolon that ends the statement; what stands in quotes is not looked at.</summary>
    private static ReadOnlySpan<char> SkipStatement(ReadOnlySpan<char> rest)
    {
        while (rest.IndexOfAny(s_marks) is >= 0 and var at)
        {
            var hasEscapes = at > 0 && rest[at] == '\'' && rest[at - 1] is 'e' or 'E';
            var isInWord = at > 0 && (char.IsLetterOrDigit(rest[at - 1]) || rest[at - 1] == '_');
            rest = rest[at..];
            switch (rest[0])
            {
                case ';':
                    return rest;
                case '\'':
                    rest = AfterQuote(rest, hasEscapes);
                    break;
                case '"':
                    rest = AfterQuote(rest, hasEscapes: false);
                    break;
                case '$' when !isInWord:
                    rest = AfterDollars(rest);
                    break;
                case '-' when rest.StartsWith("--"):
                    rest = AfterLine(rest);
                    break;
                case '/' when rest.StartsWith("/*"):
                    rest = AfterComment(rest);
                    break;
                default:
                    rest = rest[1..];
                    break;
            }
        }

        return default;
    }

    private static ReadOnlySpan<char> AfterLine(ReadOnlySpan<char> rest) =>
        rest.IndexOfAny('\r', '\n') is >= 0 and var end ? rest[end..] : default;

    /// <summary>PostgreSQL's comments nest.</summary>
    private static ReadOnlySpan<char> AfterComment(ReadOnlySpan<char> rest)
    {
        var depth = 0;
        for (var i = 0; i + 1 < rest.Length; i++)
        {
            if (rest[i] == '/' && rest[i + 1] == '*')
            {
                depth++;
                i++;
            }
            else if (rest[i] == '*' && rest[i + 1] == '/')
            {
                depth--;
                i++;
                if (depth == 0)
                {
                    return rest[(i + 1)..];
                }
            }
        }

        return default;
    }

    private static ReadOnlySpan<char> AfterQuote(ReadOnlySpan<char> rest, bool hasEscapes)
    {
        var quote = rest[0];
        for (var i = 1; i < rest.Length; i++)
        {
            if (hasEscapes && rest[i] == '\\')
            {
                i++;
            }
            else if (rest[i] == quote)
            {
                // A doubled quote begins the next quoted part, which ends in the same way.
                return rest[(i + 1)..];
            }
        }

        return default;
    }

    /// <summary>Skips <c>$tag$…$tag$</c>; a lone dollar, as in <c>$1</c>, is skipped by itself.</summary>
    private static ReadOnlySpan<char> AfterDollars(ReadOnlySpan<char> rest)
    {
        var length = 1;
        while (length < rest.Length && (char.IsLetterOrDigit(rest[length]) || rest[length] == '_'))
        {
            length++;
        }

        if (length == rest.Length || rest[length] != '$' || (length > 1 && char.IsDigit(rest[1])))
        {
            return rest[1..];
        }

        var tag = rest[..(length + 1)];
        rest = rest[tag.Length..];
        return rest.IndexOf(tag) is >= 0 and var end ? rest[(end + tag.Length)..] : default;
    }
}
