using System.Text.RegularExpressions;

namespace Baton.Tests;

/// <summary>
/// Reads the named pieces of code of a document, and those of a source file, so that a test can hold them
/// equal.
/// </summary>
internal static class CodeBlocks
{
    /// <summary>The code after each line <c>&lt;!-- mark: name --&gt;</c> of a document, by its name.</summary>
    internal static Dictionary<string, string> OfDocument(string path, string mark) => Parts(
        Repository.Lines(path), new Regex($"^<!-- {mark}: (.+) -->$"), skipped: 1,
        static line => line == "```");

    /// <summary>
    /// The code between each line <c>// mark: name</c> of a source file and the next <c>// end</c>, by its
    /// name.
    /// </summary>
    internal static Dictionary<string, string> OfSource(string path, string mark) => Parts(
        Repository.Lines(path), new Regex($"^ *// {mark}: (.+)$"), skipped: 0,
        static line => line.Trim() == "// end");

    /// <summary>The text below each name, as far left as it goes.</summary>
    private static Dictionary<string, string> Parts(
        string[] lines, Regex name, int skipped, Func<string, bool> isEnd)
    {
        var parts = new Dictionary<string, string>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (name.Match(lines[i]) is { Success: true } match)
            {
                var body = lines[(i + 1 + skipped)..].TakeWhile(line => !isEnd(line)).ToArray();
                var indent = body.Where(static line => line.Length > 0)
                    .Min(static line => line.Length - line.TrimStart().Length);
                parts.Add(
                    match.Groups[1].Value,
                    string.Join('\n', body.Select(line => line.Length > 0 ? line[indent..] : line)));
            }
        }

        return parts;
    }
}
