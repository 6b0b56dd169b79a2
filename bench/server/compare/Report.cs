using System.Text;
using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>What a run gave.</summary>
internal sealed record Report(MachineInfo Machine, Effort Effort, string Command, IReadOnlyList<Table> Tables)
{
    internal IReadOnlyList<Judgement> Judgements { get; } =
        [.. Tables.SelectMany(static table => table.Rows).SelectMany(static row => row.Judgements)];

    internal bool IsMissed => Judgements.Any(static one => one.Verdict == Verdict.Missed);

    internal string Page(string notes) =>
        $"# The server, measured\n\n{Machine.Heading(Command, "bench/server/compare/notes.md", Effort.Rule)}{Text()}{Explanation}\n{notes}";

    /// <summary>The tables, and how many bars are missed.</summary>
    internal string Text()
    {
        var text = new StringBuilder();
        foreach (var table in Tables.Where(static table => table.Rows.Count > 0))
        {
            text.Append(Bench.Text(
                $"## {table.Title}\n\n| act | .NET | Baton | Go | Baton ÷ .NET | Baton ÷ Go | bars |\n|---|---:|---:|---:|---:|---:|---|\n"));
            foreach (var row in table.Rows)
            {
                text.Append(Line(row));
            }

            text.Append('\n');
        }

        return text.Append(Judgement.Summary(Judgements)).Append(".\n\n").ToString();
    }

    internal string Json() => Bench.Json(new
    {
        Machine,
        Command,
        Rows = Tables.SelectMany(static table => table.Rows).Select(static row => new
        {
            row.Name,
            row.Title,
            Unit = row.Unit.ToString(),
            Rounds = row.Figures.Count,
            DotNet = OrNull(row.Figures.DotNet),
            Baton = OrNull(row.Figures.Baton),
            Go = OrNull(row.Figures.Go),
            BatonToDotNet = OrNull(row.Figures.BatonToDotNet),
            BatonToGo = OrNull(row.Figures.BatonToGo),
            Bars = row.Judgements.Select(static judgement => judgement.ForJson()),
        }),
    });

    private const string Explanation = """
        ## How to read it

        Figures are medians of the rounds. A ratio is the median of the ratios of the rounds, ± its standard error, with
        their quartiles; a bar is held against the median. For requests a second and what they allocate, the servers of
        .NET run in one process, on ports of their own: two processes of one program differ by more than what is to be
        measured. A round there has two short slices of .NET and of Baton, A B B A, the next round B A A B, with Go's in
        the middle. Elsewhere each server is a process of its own, and they have their turns one after the other, in an
        order that changes. wrk loads them over HTTP/1.1 with 32 connections, h2load over HTTP/2 without TLS with 4
        connections of 16 streams; both run on the same machine and take their part of it, which draws the ratios of
        requests a second towards 1. The processor time of a request is that of the servers' process.

        - a plain endpoint of Kestrel against another: the same application twice. No ratio is to be read more finely than
          this one.
        - plain endpoint: a minimal API that answers `hello`; Baton's has `UseBaton()` and never asks for the context.
        - derive a timeout child, release it: `ctx.WithTimeout`, against a linked source with `CancelAfter`, and
          `context.WithTimeout` in Go. Bytes are those of the whole request.
        - default timeout: `BatonOptions.Timeout`, against `UseRequestTimeouts()` with a default policy, and a middleware
          with `context.WithTimeout` in Go. No timeout falls due.
        - with `AddHttpContextAccessor()`, and a service that takes the context: what an application pays for a context by
          constructor injection, first by every request, then by one that uses it. There is no bar. Over one launch.
        - a client closes: `Select.After(…).Done(ctx)`, against `Task.Delay` with `RequestAborted`, its exception
          suppressed, and `select` in Go. One client after the other; p99 of each launch.
        - a request that waits: the same handlers; what is live after a full collection, with everything that the server
          holds for a connection.
        - start: from the start of the process until it has answered a request, against the same program without Baton.

        """;

    private static object? OrNull(Statistics figures) =>
        figures.Count == 0 ? null : new { figures.Median, figures.Lower, figures.Upper };

    private static string Line(Row row)
    {
        var figures = row.Figures;
        var bars = string.Join("; ", row.Judgements);
        return $"| {row.Title} | {Cell(figures.DotNet, row.Unit)} | {Cell(figures.Baton, row.Unit)} | {Cell(figures.Go, row.Unit)} "
            + $"| {(IsNothing(row) ? "–" : Ratio(figures.BatonToDotNet))} | {Ratio(figures.BatonToGo)} | {(bars.Length > 0 ? bars : "–")} |\n";
    }

    /// <summary>Of less than a byte a request no ratio says anything.</summary>
    private static bool IsNothing(Row row) => row.Unit == Unit.Bytes && row.Figures.DotNet.Median < 1;

    private static string Cell(Statistics figures, Unit unit) => figures.Count == 0 ? "–" : unit switch
    {
        Unit.PerSecond => Bench.Text($"{figures.Median:#,0}/s"),
        Unit.Microseconds => Bench.Text($"{figures.Median:0.0} µs"),
        Unit.Milliseconds => Bench.Text($"{figures.Median:0} ms"),
        _ => Bench.Text($"{figures.Median:#,0} B"),
    };

    private static string Ratio(Statistics ratio) => ratio.Count == 0
        ? "–"
        : Bench.Text($"{ratio.Median:0.000} ± {ratio.Error * ratio.Median:0.000} ({ratio.Lower:0.00}–{ratio.Upper:0.00})");
}

/// <summary>Rows of one unit.</summary>
internal sealed record Table(string Title, IReadOnlyList<Row> Rows);
