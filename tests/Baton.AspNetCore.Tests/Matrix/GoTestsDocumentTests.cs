using System.Globalization;
using System.Text.RegularExpressions;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>The table "From Go's tests" names each of them once, and tests that exist.</summary>
public sealed partial class GoTestsDocumentTests
{
    private const int Last = 39;

    private static readonly string[] s_lines =
        [.. Repository.Lines("docs/aspnetcore-matrix.md").SkipWhile(static line => line != "## From Go's tests")];

    private static readonly Dictionary<string, string> s_tests = Directory
        .EnumerateFiles(Repository.PathTo("tests"), "*Tests.cs", SearchOption.AllDirectories)
        .GroupBy(static file => Path.GetFileNameWithoutExtension(file))
        .ToDictionary(
            static files => files.Key!, static files => string.Concat(files.Select(File.ReadAllText)));

    [Fact]
    public void Each_test_of_Go_has_a_row() =>
        Assert.Equal(Enumerable.Range(1, Last), s_lines.SelectMany(static line => Numbers(line)).Order());

    [Fact]
    public void Each_test_that_is_named_exists()
    {
        var names = s_lines.SelectMany(static line => TestNames().Matches(line)).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, static name =>
        {
            Assert.True(s_tests.TryGetValue(name.Groups["class"].Value, out var source),
                $"There is no {name.Value}.");
            if (name.Groups["method"] is { Success: true } method)
            {
                Assert.Contains($" {method.Value}(", source);
            }
        });
    }

    [Fact]
    public void Each_table_that_is_named_exists() => Assert.All(
        s_lines.SelectMany(static line => Headings().Matches(line)),
        static heading => Assert.Contains(
            Repository.Lines("docs/aspnetcore-matrix.md"),
            line => line.StartsWith($"## {heading.Groups[1].Value}", StringComparison.Ordinal)));

    private static IEnumerable<int> Numbers(string line)
    {
        var cell = FirstCell().Match(line).Groups[1].Value;
        foreach (var part in cell.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('–')
                .Select(static end => int.Parse(end.TrimStart('N'), CultureInfo.InvariantCulture)).ToArray();
            for (var number = ends[0]; number <= ends[^1]; number++)
            {
                yield return number;
            }
        }
    }

    [GeneratedRegex(@"^\| (N[^|]*) \|")]
    private static partial Regex FirstCell();

    [GeneratedRegex(@"`(?<class>\w+Tests)(?:\.(?<method>\w+))?`")]
    private static partial Regex TestNames();

    [GeneratedRegex("rows? of \"([^\"]+)\"")]
    private static partial Regex Headings();
}
