using System.Text.RegularExpressions;

namespace Baton.AspNetCore.Tests;

/// <summary>What docs/aspnetcore.md says is compiled and run, and names tests that exist.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_block_of_the_page_is_the_region_of_its_name()
    {
        var blocks = CodeBlocks.OfDocument("docs/aspnetcore.md", "aspnetcore");
        var regions = CodeBlocks.OfSource(
            "tests/Baton.AspNetCore.Tests/DocumentExamples.cs", "aspnetcore");

        Assert.NotEmpty(blocks);
        Assert.Equal(blocks.Keys.Order(), regions.Keys.Order());
        Assert.All(blocks, block => Assert.Equal(block.Value, regions[block.Key]));
    }

    [Fact]
    public void Every_test_that_holds_a_sentence_of_the_page_exists()
    {
        var lines = Repository.Lines("docs/aspnetcore-matrix.md")
            .SkipWhile(static line => line != "## The tests of each sentence")
            .TakeWhile(static line => line != "## From Go's tests");
        var tests = typeof(DocumentTests).Assembly.GetTypes();
        var known = tests.Select(static type => type.Name)
            .Concat(tests.SelectMany(static type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}")));

        var named = lines.SelectMany(static line => Name().Matches(line))
            .Select(static match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    [GeneratedRegex(@"`(\w+(?:Tests|Examples)(?:\.\w+)?)`")]
    private static partial Regex Name();
}
