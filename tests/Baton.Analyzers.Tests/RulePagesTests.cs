using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Tests;

/// <summary>
/// The pages of the rules: what they show as flagged is reported in the lines that say so, and what they show
/// as fixed is not.
/// </summary>
public partial class RulePagesTests
{
    public static TheoryData<string> Pages => [.. Directory
        .GetFiles(Repository.PathTo("docs", "rules"), "BTN*.md")
        .Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_a_page_flags_is_reported_and_what_it_fixes_is_not(string rule)
    {
        var page = await File.ReadAllTextAsync(
            Repository.PathTo("docs", "rules", rule + ".md"), TestContext.Current.CancellationToken);
        var flagged = Example(page, "Flagged");

        var expected = flagged.Split('\n').Select((line, i) => (line, Number: i + 1))
            .Where(line => line.line.EndsWith("// " + rule, StringComparison.Ordinal))
                .Select(line => line.Number);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, await ReportedLines(rule, flagged));
        Assert.Empty(await ReportedLines(rule, Example(page, "Fixed")));
    }

    private static async Task<IReadOnlyList<int>> ReportedLines(string rule, string source)
    {
        using var workspace = new AdhocWorkspace();
        var compilation = await Sources.Compile(Sources.ProjectFor(rule, workspace, source));
        Verify.AssertCompiles(compilation);
        var reports = await Sources.Reports(compilation);
        Assert.All(reports, report => Assert.Equal(rule, report.Id));
        return [.. reports.Select(report => report.Location.GetLineSpan().StartLinePosition.Line + 1)];
    }

    private static string Example(string page, string heading)
    {
        var section = page[page.IndexOf($"\n## {heading}\n", StringComparison.Ordinal)..];
        return Code().Match(section).Groups["code"].Value;
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();
}
