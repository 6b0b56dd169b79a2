using System.Text.RegularExpressions;

namespace Baton.Http.Tests;

/// <summary>
/// The C# in docs/integrating.md is what <see cref="IntegratingExamples"/> compiles and runs.
/// </summary>
public sealed partial class IntegratingDocumentTests
{
    [Fact]
    public void Every_block_of_the_document_is_the_region_of_its_name()
    {
        var blocks = Parts(
            Repository.Lines("docs/integrating.md"), BlockName(), skipped: 1, static line => line == "```");
        var regions = Parts(
            Repository.Lines("tests/Baton.Http.Tests/IntegratingExamples.cs"), RegionName(), skipped: 0,
            static line => line.Trim() == "// end");

        Assert.Equal(3, blocks.Count);
        Assert.Equal(regions, blocks);
    }

    [Fact]
    public void Every_preset_is_in_the_table()
    {
        var document = string.Join('\n', Repository.Lines("docs/integrating.md"));

        var presets = typeof(DeadlineHeader).GetProperties()
            .Where(static property => property.PropertyType == typeof(DeadlineHeader));

        Assert.All(presets, preset =>
        {
            var header = (DeadlineHeader)preset.GetValue(null)!;
            Assert.Contains(
                $"| `{preset.Name}` | `{header.Name}: ", document, StringComparison.Ordinal);
        });
    }

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

    [GeneratedRegex("^<!-- integrating: (.+) -->$")]
    private static partial Regex BlockName();

    [GeneratedRegex("^ *// integrating: (.+)$")]
    private static partial Regex RegionName();
}
