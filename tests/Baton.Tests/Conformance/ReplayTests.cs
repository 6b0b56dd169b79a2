using Baton.Conformance;

namespace Baton.Tests.Conformance;

public sealed class ReplayTests
{
    [Fact]
    public void Every_program_gives_what_it_gave_in_Go()
    {
        var shared = new DirectoryInfo(Repository.PathTo("..", "shared", "conformance"));
        var files = shared.Exists
            ? shared.GetFiles("*.jsonl").Select(static file => file.FullName)
            : [Repository.PathTo("tests", "search", "conformance", "sample.jsonl.gz")];
        var programs = files.SelectMany(TraceReader.ReadFile).ToList();

        var mismatches = programs.SelectMany(Replay.Run).ToList();

        Assert.NotEmpty(programs);
        Assert.Empty(mismatches);
    }

    [Fact]
    public void The_copy_in_the_repository_replays_too()
    {
        var programs = TraceReader.ReadFile(Repository.PathTo(
            "tests", "search", "conformance", "sample.jsonl.gz")).ToList();

        Assert.Equal(60, programs.Count);
        Assert.Empty(programs.SelectMany(Replay.Run));
    }

    [Fact]
    public void A_right_program_passes() => Assert.Empty(Replay.Run(Read(Line)));

    [Theory]
    [InlineData("\"err\":\"context canceled\",\"cause\":\"stop\"",
        "\"err\":\"context deadline exceeded\",\"cause\":\"stop\"", "err")]
    [InlineData("\"cause\":\"stop\",\"deadline\"", "\"cause\":\"other\",\"deadline\"", "cause")]
    [InlineData("\"deadline\":50", "\"deadline\":51", "deadline")]
    [InlineData("\"values\":{\"a\":\"v\"}", "\"values\":{\"b\":\"v\"}", "values")]
    [InlineData("\"stopped\":true", "\"stopped\":false", "stopped")]
    [InlineData(",\"fired\":[4]", "", "function 4")]
    [InlineData("{\"op\":\"advance\",\"id\":0,\"ms\":10}", "{\"op\":\"advance\",\"id\":0,\"ms\":60}",
        "not listed as changed")]
    public void A_wrong_expectation_is_reported(string right, string wrong, string named)
    {
        Assert.Contains(right, Line, StringComparison.Ordinal);

        var mismatches = Replay.Run(Read(Line.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Contains(mismatches, mismatch => mismatch.What.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_that_is_not_listed_is_reported()
    {
        var unlisted = Line.Replace(
            """,{"id":2,"err":"context canceled","cause":"stop","deadline":50,"values":{}}""", "",
            StringComparison.Ordinal);

        var mismatches = Replay.Run(Read(unlisted));

        Assert.Contains(mismatches, static mismatch =>
            mismatch is { Step: 7, What: "context 2, which is not listed as changed, err" });
    }

    [Fact]
    public void A_new_context_that_is_not_listed_is_reported()
    {
        var unlisted = Line.Replace(
            ""","changed":[{"id":1,"err":"","cause":"","deadline":null,"values":{}}]""", "",
            StringComparison.Ordinal);

        var mismatches = Replay.Run(Read(unlisted));

        Assert.Contains(mismatches, static mismatch => mismatch.Expected == "'to be listed, being new'");
    }

    /// <summary>
    /// A program with one of each: a cause, a deadline, a value, a stop, a function that runs, a wait in
    /// vain.
    /// </summary>
    private const string Line =
        """
        {"name":"small","steps":[{"do":{"op":"background","id":0},"changed":[{"id":0,"err":"","cause":"","deadline":null,"values":{}}]},{"do":{"op":"withCancelCause","id":1,"parent":0},"changed":[{"id":1,"err":"","cause":"","deadline":null,"values":{}}]},{"do":{"op":"withTimeout","id":2,"parent":1,"ms":50},"changed":[{"id":2,"err":"","cause":"","deadline":50,"values":{}}]},{"do":{"op":"withValue","id":3,"parent":1,"key":"a","val":"v"},"changed":[{"id":3,"err":"","cause":"","deadline":null,"values":{"a":"v"}}]},{"do":{"op":"afterFunc","id":4,"parent":2}},{"do":{"op":"afterFunc","id":5,"parent":3}},{"do":{"op":"stop","id":5},"stopped":true},{"do":{"op":"cancel","id":1,"cause":"stop"},"changed":[{"id":1,"err":"context canceled","cause":"stop","deadline":null,"values":{}},{"id":2,"err":"context canceled","cause":"stop","deadline":50,"values":{}},{"id":3,"err":"context canceled","cause":"stop","deadline":null,"values":{"a":"v"}}],"fired":[4]},{"do":{"op":"withTimeout","id":6,"parent":0,"ms":50},"changed":[{"id":6,"err":"","cause":"","deadline":50,"values":{}}]},{"do":{"op":"advance","id":0,"ms":10}}]}
        """;

    private static TraceProgram Read(string line) => TraceReader.ReadLine(line, "here:1");
}
