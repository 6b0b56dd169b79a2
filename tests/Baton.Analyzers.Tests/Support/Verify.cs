using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Tests;

/// <summary>
/// Runs all rules over marked source and compares what they report, place by place: a second report for one
/// mistake fails a test as a missing one does. The source must compile.
/// </summary>
internal static class Verify
{
    /// <summary>The rule reports at the marked places, and no rule reports anything else.</summary>
    internal static async Task Reports(string rule, string markedSource)
    {
        var markup = Markup.Parse(markedSource, rule);
        Assert.NotEmpty(markup.Places);
        await Check(markup, rule);
    }

    /// <summary>
    /// No rule reports anything, but what is marked with the id of another rule than the one under test.
    /// </summary>
    /// <param name="source">What the rules look at.</param>
    /// <param name="rule">The rule under test, to switch it on if it is off by default.</param>
    internal static Task Silent(string source, string? rule = null) =>
        Check(Markup.Parse(source, rule: "none"), rule);

    private static async Task Check(Markup markup, string? rule)
    {
        var compilation = Sources.Compile(markup.Source, rule);
        AssertCompiles(compilation);
        var reports = await Sources.Reports(compilation);
        Assert.Equal(
            markup.Places.OrderBy(place => place.Start).ThenBy(place => place.Id, StringComparer.Ordinal)
                .Select(place => Text(markup.Source, place.Id, place.Start, place.Length)),
            reports.OrderBy(one => one.Location.SourceSpan.Start)
                .ThenBy(one => one.Id, StringComparer.Ordinal)
                .Select(one => Text(
                    markup.Source, one.Id, one.Location.SourceSpan.Start, one.Location.SourceSpan.Length,
                    one.GetMessage(CultureInfo.InvariantCulture))),
            ReportComparer.Instance);
    }

    internal static void AssertCompiles(Compilation compilation) => Assert.Empty(
        compilation.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error));

    private static string Text(string source, string id, int start, int length, string? message = null)
    {
        var line = 1 + source[..start].Count(c => c == '\n');
        var column = start - source.LastIndexOf('\n', Math.Max(start - 1, 0));
        var place = $"{id} {line}:{column} {source.Substring(start, length)}";
        return message is null ? place : $"{place}\0 {message}";
    }

    // A report carries its message along, for a reader of a failure.
    private sealed class ReportComparer : IEqualityComparer<string>
    {
        internal static readonly ReportComparer Instance = new();

        public bool Equals(string? x, string? y) => x?.Split('\0')[0] == y?.Split('\0')[0];

        public int GetHashCode(string obj) => obj.Split('\0')[0].GetHashCode(StringComparison.Ordinal);
    }
}
