using System.Text.RegularExpressions;

namespace Baton.Tests.Go;

/// <summary>The C# in docs/from-go.md is what the classes FromGo…Examples compile and run.</summary>
public sealed partial class FromGoDocumentTests
{
    [Fact]
    public void Every_block_of_the_document_is_the_region_of_its_name()
    {
        var blocks = Blocks();
        var regions = Regions();

        Assert.NotEmpty(blocks);
        Assert.Equal(blocks.Keys.Order(), regions.Keys.Order());
        Assert.All(blocks, block => Assert.Equal(regions[block.Key], block.Value));
    }

    [Fact]
    public void Every_block_stands_below_the_Go_it_replaces()
    {
        var languages = Repository.Lines("docs/from-go.md")
            .Where(static line => line.StartsWith("```", StringComparison.Ordinal) && line.Length > 3)
            .ToArray();

        Assert.All(languages.Index(), static item =>
            Assert.Equal(item.Index % 2 == 0 ? "```go" : "```csharp", item.Item));
    }

    /// <summary>The C# blocks, by the comment above each.</summary>
    private static Dictionary<string, string> Blocks()
    {
        var blocks = new Dictionary<string, string>();
        var lines = Repository.Lines("docs/from-go.md");
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "```csharp")
            {
                var name = BlockName().Match(lines[i - 1]);
                Assert.True(name.Success, $"Line {i} names no region: {lines[i - 1]}");
                blocks.Add(name.Groups[1].Value, Body(lines, i, static line => line == "```"));
            }
        }

        return blocks;
    }

    /// <summary>The marked regions of the examples.</summary>
    private static Dictionary<string, string> Regions()
    {
        var regions = new Dictionary<string, string>();
        string[] lines =
        [
            .. Repository.Lines("tests/Baton.Tests/Go/FromGoExamples.cs"),
            .. Repository.Lines("tests/Baton.Tests/Go/FromGoCallbackExamples.cs"),
            .. Repository.Lines("tests/Baton.Tests/Go/FromGoSelectExamples.cs"),
            .. Repository.Lines("tests/Baton.Tests/Go/FromGoGroupExamples.cs"),
        ];
        for (var i = 0; i < lines.Length; i++)
        {
            if (RegionName().Match(lines[i]) is { Success: true } name)
            {
                regions.Add(name.Groups[1].Value, Body(lines, i, static line => line.Trim() == "// end"));
            }
        }

        return regions;
    }

    /// <summary>The lines between a marker and its end, without their common indentation.</summary>
    private static string Body(string[] lines, int marker, Predicate<string> isEnd)
    {
        var body = lines.Skip(marker + 1).TakeWhile(line => !isEnd(line)).ToArray();
        var indent = body.Where(static line => line.Length > 0).Min(static line =>
            line.Length - line.TrimStart().Length);
        return string.Join('\n', body.Select(line =>
            line.Length > 0 ? line[indent..].TrimEnd() : line)).Trim();
    }

    [GeneratedRegex("^<!-- from-go: (.+) -->$")]
    private static partial Regex BlockName();

    [GeneratedRegex("^ *// from-go: (.+)$")]
    private static partial Regex RegionName();
}
