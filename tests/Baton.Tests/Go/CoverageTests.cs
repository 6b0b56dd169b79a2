using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Baton.Tests.Go;

/// <summary>
/// Each number of behaviours.md has a test, or a row in docs/from-go.md that says why it has none.
/// </summary>
public sealed partial class CoverageTests
{
    private const string Document = "docs/from-go.md";
    private const string NotTested = "–";

    private static readonly MethodInfo[] s_tests =
        [.. typeof(CoverageTests).Assembly.GetTypes().SelectMany(static type => type.GetMethods())];

    [Fact]
    public void Every_behaviour_is_tested_or_explained() => AssertCovered(
        Numbers("## Behaviours"),
        Rows("## Go's tests that have no exact counterpart"),
        Tested<GoTestAttribute>(static attribute => attribute.Numbers));

    [Fact]
    public void Every_trap_is_tested_or_explained() => AssertCovered(
        Numbers("## Traps"),
        Rows("## Traps that concern servers and clients"),
        Tested<GoTrapAttribute>(static attribute => attribute.Numbers));

    [Fact]
    public void All_behaviours_are_known()
    {
        Assert.Equal(Enumerable.Range(1, 94), Numbers("## Behaviours"));
        Assert.Equal(Enumerable.Range(1, 15), Numbers("## Traps"));
    }

    private static void AssertCovered(int[] all, (int Number, string Instead)[] rows, HashSet<int> tested)
    {
        var explained = rows.Select(static row => row.Number).ToHashSet();

        Assert.Equal(rows.Length, explained.Count);
        Assert.DoesNotContain(all, number => !tested.Contains(number) && !explained.Contains(number));
        Assert.Empty(tested.Union(explained).Except(all));

        // A row that says what is tested instead needs a test with its number. A row that says that nothing
        // is tested must have no test.
        Assert.DoesNotContain(rows, row => row.Instead == NotTested && tested.Contains(row.Number));
        Assert.DoesNotContain(rows, row => row.Instead != NotTested && !tested.Contains(row.Number));
    }

    private static HashSet<int> Tested<TAttribute>(Func<TAttribute, IReadOnlyList<int>> numbers)
        where TAttribute : Attribute
    {
        var tests = s_tests.Where(static test => test.GetCustomAttributes<TAttribute>().Any()).ToArray();
        Assert.All(tests, static test => Assert.Null(test.GetCustomAttribute<FactAttribute>()!.Skip));
        return [
            .. tests.SelectMany(static test => test.GetCustomAttributes<TAttribute>()).SelectMany(numbers)];
    }

    /// <summary>The numbers of an ordered list.</summary>
    private static int[] Numbers(string heading) =>
    [
        .. Section("tests/Baton.Tests/Go/behaviours.md", heading)
            .Select(static line => Item().Match(line))
            .Where(static match => match.Success)
            .Select(static match => Parse(match.Groups[1].Value)),
    ];

    /// <summary>The rows of a table: first the numbers, as "4, 17–19"; last what is tested instead.</summary>
    private static (int Number, string Instead)[] Rows(string heading) =>
    [
        .. Section(Document, heading)
            .Where(static line => TableRow().IsMatch(line))
            .Select(static line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .SelectMany(static cells => Range(cells[0]).Select(number => (number, cells[^1]))),
    ];

    private static IEnumerable<int> Range(string cell)
    {
        foreach (var part in cell.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('–');
            var first = Parse(ends[0]);
            foreach (var number in Enumerable.Range(first, Parse(ends[^1]) - first + 1))
            {
                yield return number;
            }
        }
    }

    private static string[] Section(string path, string heading)
    {
        var section = Repository.Lines(path).SkipWhile(line => line != heading).Skip(1)
            .TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(section);
        return section;
    }

    private static int Parse(string number) => int.Parse(number, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d+)\. ")]
    private static partial Regex Item();

    [GeneratedRegex(@"^\| \d")]
    private static partial Regex TableRow();
}
