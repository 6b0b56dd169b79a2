using System.Text.RegularExpressions;

namespace Baton.Tests;

/// <summary>The tests that docs/semantics.md names for each promise have to exist.</summary>
public sealed partial class SemanticsDocumentTests
{
    [Fact]
    public void Every_promise_names_classes_that_have_tests()
    {
        var lines = Repository.Lines("docs/semantics.md");
        var promises = lines.Select(static line => Promise().Match(line))
            .Where(static match => match.Success)
            .Select(static match => match.Groups[1].Value);
        var rows = lines.Select(static line => Row().Match(line))
            .Where(static match => match.Success)
            .ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value);
        var classes = typeof(SemanticsDocumentTests).Assembly.GetTypes()
            .Where(static type => type.GetMethods().Any(
                static method => method.IsDefined(typeof(FactAttribute), inherit: true)))
            .Select(static type => type.Name)
            .ToHashSet();

        Assert.Equal(promises, rows.Keys);
        Assert.All(
            rows.Values.SelectMany(static row => ClassName().Matches(row)),
            name => Assert.Contains(name.Groups[1].Value, classes));
    }

    [GeneratedRegex(@"^(\d+)\. ")]
    private static partial Regex Promise();

    [GeneratedRegex(@"^\| (\d+) \| (.+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex ClassName();
}
