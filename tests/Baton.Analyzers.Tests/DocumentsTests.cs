using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Tests;

/// <summary>
/// Holds the table of descriptors, the pages, their index, the release tracking and the modes equal.
/// </summary>
public partial class DocumentsTests
{
    public static TheoryData<string> Ids => [.. AllRules.Descriptors.Select(rule => rule.Id)];

    [Fact]
    public void Each_rule_has_one_analyzer()
    {
        Assert.Equal(
            AllRules.Descriptors.Select(rule => rule.Id),
            AllRules.Analyzers.SelectMany(one => one.SupportedDiagnostics).Select(rule => rule.Id)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_index_lists_every_rule()
    {
        var rows = Repository.Lines(Path.Combine("docs", "rules", "README.md"))
            .Select(line => Row().Match(line))
            .Where(row => row.Success)
            .Select(row => (row.Groups["id"].Value, row.Groups["title"].Value, row.Groups["severity"].Value,
                row.Groups["fix"].Value));

        Assert.Equal(
            AllRules.Descriptors.Select(rule =>
                (rule.Id, Title(rule), Severity(rule), HasFix(rule) ? "yes" : "no")),
            rows);
    }

    [Fact]
    public void The_release_tracking_lists_every_rule() => Assert.Equal(
        AllRules.Descriptors.Select(rule =>
            $"{rule.Id} | {rule.Category} | {Tracked(rule)} | {Title(rule)}"),
        Repository.Lines(Path.Combine("src", "Baton.Analyzers", "AnalyzerReleases.Unshipped.md"))
            .Where(line => line.StartsWith("BTN", StringComparison.Ordinal)));

    [Fact]
    public void The_modes_name_the_rules_they_change()
    {
        Assert.Equal(AllRules.Descriptors.Select(rule => $"dotnet_diagnostic.{rule.Id}.severity = none"),
            Mode("none"));
        Assert.Equal(
            AllRules.Descriptors
                .Where(rule => rule.DefaultSeverity == DiagnosticSeverity.Info || !rule.IsEnabledByDefault)
                .Select(rule => $"dotnet_diagnostic.{rule.Id}.severity = warning"),
            Mode("all"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_has_the_title_and_severity_of_its_rule_and_says_how_to_switch_it_off(string id)
    {
        var rule = AllRules.Descriptors.Single(one => one.Id == id);
        var page = string.Join('\n', Repository.Lines(Path.Combine("docs", "rules", id + ".md")));
        var introduction = page[..page.IndexOf("\n## ", StringComparison.Ordinal)];

        Assert.StartsWith($"# {id}: {Title(rule)}\n", page, StringComparison.Ordinal);
        Assert.EndsWith($" {CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Severity(rule))}.",
            introduction.TrimEnd().Replace('\n', ' '), StringComparison.Ordinal);
        Assert.Contains("\n## When to switch it off\n", page, StringComparison.Ordinal);
        Assert.Contains($"dotnet_diagnostic.{id}.severity = ", page, StringComparison.Ordinal);
        Assert.EndsWith($"/docs/rules/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Mode(string name) => Repository
        .Lines(Path.Combine("src", "Baton", "build", $"Baton.{name}.globalconfig"))
        .Where(line => line.StartsWith("dotnet_diagnostic", StringComparison.Ordinal));

    private static string Title(DiagnosticDescriptor rule) =>
        rule.Title.ToString(CultureInfo.InvariantCulture);

    private static string Severity(DiagnosticDescriptor rule) =>
        !rule.IsEnabledByDefault ? "off"
        : rule.DefaultSeverity == DiagnosticSeverity.Warning ? "warning" : "suggestion";

    private static string Tracked(DiagnosticDescriptor rule) =>
        rule.IsEnabledByDefault ? rule.DefaultSeverity.ToString() : "Disabled";

    private static bool HasFix(DiagnosticDescriptor rule) =>
        AllRules.Fixes.Any(fix => fix.FixableDiagnosticIds.Contains(rule.Id));

    [GeneratedRegex(
        @"^\| \[(?<id>BTN\d{3})\]\(\k<id>\.md\) \| (?<title>[^|]+) \| (?<severity>\w+) \| (?<fix>\w+) \|$")]
    private static partial Regex Row();
}
