using Baton.Conformance;

namespace Baton.Tests.Conformance;

public sealed class TraceReaderTests
{
    private const string Root =
        """{"do":{"op":"background","id":0},"changed":[{"id":0,"err":"","cause":"","deadline":null,"values":{}}]}""";

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "an object is wanted")]
    [InlineData("""{"steps":[]}""", "'name' is missing")]
    [InlineData("""{"name":"p"}""", "'steps' is missing")]
    [InlineData("""{"name":"p","steps":{}}""", "an array is wanted")]
    [InlineData("""{"name":"p","steps":[{}]}""", "'do' is missing")]
    [InlineData("""{"name":"p","steps":[{"do":{"op":"jump","id":0}}]}""", "there is no operation 'jump'")]
    [InlineData(
        """{"name":"p","steps":[{"do":{"op":"background","id":1}}]}""", "the next object is 0, not 1")]
    [InlineData(
        """{"name":"p","steps":[{"do":{"op":"background","id":"x"}}]}""", "an integer is wanted, not \"x\"")]
    [InlineData("""{"name":"p","steps":[{"do":{"op":"withCancel","id":0,"parent":7}}]}""",
        "there is no object 7 yet")]
    [InlineData("""{"name":"p","steps":[{"do":{"op":"withCancel","id":0,"parent":0}}]}""", "its own parent")]
    [InlineData("""{"name":"p","steps":[ROOT,{"do":{"op":"stop","id":0},"stopped":true}]}""",
        "object 0 is no registration")]
    [InlineData(
        """{"name":"p","steps":[ROOT,{"do":{"op":"cancel","id":0}}]}""", "context 0 cannot be canceled")]
    [InlineData("""{"name":"p","steps":[ROOT,{"do":{"op":"cancel","id":3}}]}""", "there is no object 3 yet")]
    [InlineData("""{"name":"p","steps":[ROOT,{"do":{"op":"advance","id":0}}]}""", "'ms' is missing")]
    [InlineData("""{"name":"p","steps":[ROOT,{"do":{"op":"advance","ms":-1}}]}""",
        "the clock cannot go back by 1 ms")]
    [InlineData(
        """{"name":"p","steps":[ROOT,{"do":{"op":"advance","ms":1.5}}]}""", "a whole number of milliseconds")]
    [InlineData("""{"name":"p","steps":[ROOT,{"do":{"op":"advance","ms":1e300}}]}""",
        "a whole number of milliseconds")]
    [InlineData("""{"name":"p","steps":[ROOT,{"do":{"op":"advance","ms":1},"stopped":true}]}""",
        "only a stop has 'stopped'")]
    [InlineData("""{"name":"p","steps":[ROOT,{"do":{"op":"advance","ms":1},"fired":[0]}]}""",
        "object 0 is no registration")]
    [InlineData("""{"name":"p","steps":[ROOT,{"do":{"op":"withTimeout","id":1,"parent":0,"ms":-1}}]}""",
        "a timeout is never -1")]
    [InlineData(
        """{"name":"p","steps":[ROOT,{"do":{"op":"withValue","id":1,"parent":0,"key":"e","val":"v"}}]}""",
        "'key' is \"e\"")]
    [InlineData("""{"name":"p","steps":[{"do":{"op":"background","id":0},"changed":[{"id":0}]}]}""",
        "'values' is missing")]
    public void A_malformed_line_names_its_place_and_the_reason(string line, string reason)
    {
        var error = Assert.Throws<TraceFormatException>(
            () =>
                TraceReader.ReadLine(line.Replace("ROOT", Root, StringComparison.Ordinal), "file.jsonl:12"));

        Assert.StartsWith("file.jsonl:12: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blank_line_is_passed_over_but_counted()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, $"\n{{\"name\":\"p\",\"steps\":[{Root}]}}\n\nnonsense\n");

        var error = Assert.Throws<TraceFormatException>(() => TraceReader.ReadFile(path).Count());

        File.Delete(path);
        Assert.StartsWith($"{path}:4: ", error.Message, StringComparison.Ordinal);
    }
}
