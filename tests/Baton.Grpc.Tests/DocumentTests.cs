using System.Text.RegularExpressions;

namespace Baton.Grpc.Tests;

/// <summary>What docs/grpc.md says is held by the tests that it names.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] s_projects = ["Baton.Grpc.Tests", "Baton.Grpc.AspNetCore.Tests"];

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var document = string.Join('\n', Repository.Lines("docs/grpc.md"));
        var tests = s_projects.SelectMany(Tests).ToHashSet();

        var named = Name().Matches(document).Select(static match => match.Groups[1].Value).ToArray();

        Assert.True(named.Length > 20);
        Assert.Empty(named.Except(tests));
    }

    [Fact]
    public void Every_row_beside_gRPCs_own_is_in_the_table()
    {
        var document = string.Join('\n', Repository.Lines("docs/grpc.md"));

        Assert.All(
            typeof(CallContextPropagationTests).GetMethods().Where(static method =>
                method.IsDefined(typeof(TheoryAttribute), false)),
            method => Assert.Contains($"`{nameof(CallContextPropagationTests)}.{method.Name}`", document,
                StringComparison.Ordinal));
    }

    [Fact]
    public void The_code_for_YARP_is_what_the_tests_run()
    {
        var document = Repository.Lines("docs/grpc.md").Select(static line => line.Trim()).ToArray();
        var regions = string.Join(
            '\n', Repository.Lines("tests/Baton.Grpc.AspNetCore.Tests/YarpTests.cs").Select(static line => line.Trim()))
            .Split("// docs/grpc.md, ")[1..];

        Assert.Equal(3, regions.Length);
        foreach (var region in regions)
        {
            var code = region.Split('\n').Skip(1).TakeWhile(static line => line != "// end").ToArray();
            Assert.Contains(string.Join('\n', code), string.Join('\n', document), StringComparison.Ordinal);
        }
    }

    /// <summary>The names of a project's tests, read from its source: the other project is not referenced here.</summary>
    private static IEnumerable<string> Tests(string project) =>
        Directory.EnumerateFiles(Repository.PathTo("tests", project), "*Tests.cs", SearchOption.AllDirectories).SelectMany(static file =>
            Method().Matches(File.ReadAllText(file)).Select(match =>
                $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups[1].Value}"));

    [GeneratedRegex(@"^    public (?:async Task|Task|void)\s+(\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex Name();
}
