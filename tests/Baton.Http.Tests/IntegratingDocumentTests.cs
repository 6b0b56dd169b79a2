namespace Baton.Http.Tests;

/// <summary>
/// The C# in docs/integrating.md is what <see cref="IntegratingExamples"/> compiles and runs.
/// </summary>
public sealed class IntegratingDocumentTests
{
    [Fact]
    public void Every_block_of_the_document_is_the_region_of_its_name()
    {
        var blocks = CodeBlocks.OfDocument("docs/integrating.md", "integrating");
        var regions = CodeBlocks.OfSource("tests/Baton.Http.Tests/IntegratingExamples.cs", "integrating");

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
}
