using System.Text;
using Baton.Measuring;

namespace Baton.Overload;

/// <summary>What a run gave.</summary>
internal sealed class Report(
    MachineInfo machine, string command, string effort, string? picture, OverloadRun run)
{
    private const string Explanation = """
        ## What it shows

        Three services, gateway, orders and stock, over HTTP, HTTP and gRPC: those of `samples/chain`. Stock has something
        scarce, and whoever comes when all of it is taken waits in line. The clients come at a steady rate, whatever becomes
        of their answers, and give up when their time is over.

        - **A timeout per hop.** The line grows until it is as long as a hop's timeout, which is more than a client waits.
          From then on all work is for clients who have left, and it stays so while the load lasts.
        - **Tokens handed on.** A client that leaves takes its request out of the line. What is at the head of it has
          waited nearly as long as its client will, so much of the work begins and is broken off.
        - **Baton, last hop never asks `Remaining`.** The same, without a connection closed for each client that leaves: the
          deadline travels, and every hop ends by itself. Propagation alone does not help whoever begins too late.
        - **Baton.** Before it begins, stock looks at `ctx.Remaining`, and lets go of a request for which too little is left.
          What it begins is then in time, unless the machine is short of processors too: on a busy one the same run wasted
          9 % at twice the capacity and 81 % at four times. `Reserve` keeps some of the time for the way home.

        Propagation does not make capacity. Above it some requests go without an answer in any case; what changes is that
        the others get theirs. It does not help below the capacity, nor where a service ignores its context.

        """;

    internal bool IsMissed => run.Judgements.Any(static one => one.Verdict == Verdict.Missed);

    internal string Page() => "# A chain under more than it can do\n\n"
        + machine.Heading(command, "bench/chain/overload/Report.cs", effort) + Text()
        + (picture is null
            ? ""
            : $"![Goodput and wasted work over the load]({Path.GetFileName(picture)})\n\n") + Explanation;

    internal string Text()
    {
        var text = new StringBuilder();
        text.Append("| the chain is written with | offered | goodput | wasted work | p50 | p99 | well again "
            + "after a stall of 1 s |\n");
        text.Append("|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (var ((manner, load), outcome) in run.Outcomes)
        {
            var recovery = load == Effort.Loads[0] ? Bench.Text($"{run.Recoveries[manner]:0.##} s") : "";
            text.Append(Bench.Text(
                $"| {manner.Title()} | {load} × | {outcome.Goodput:0}/s | {outcome.Wasted:P0} "))
                .Append(Bench.Text(
                    $"| {Milliseconds(outcome.P50)} | {Milliseconds(outcome.P99)} | {recovery} |\n"));
        }

        text.Append(Bench.Text(
            $"\nThe client gives {Times.Client.TotalMilliseconds} ms; a timeout per hop is "))
            .Append(Bench.Text($"{Times.Hop.TotalSeconds} s; with Baton each hop keeps "))
            .Append(Bench.Text($"{Times.Reserve.TotalMilliseconds} ms. Goodput: answers in time. Wasted: the part of the work "))
            .Append("whose answer came too late, or never. The stall comes at ")
            .Append(Bench.Text($"{Effort.StallLoad} × the capacity.\n\n"));
        foreach (var judgement in run.Judgements)
        {
            text.Append(Bench.Text(
                $"- {judgement}{(judgement.Verdict == Verdict.Met ? Bench.Text($" ({judgement.Value:0.##} ×)") : "")}\n"));
        }

        return text.Append(Bench.Text($"\n{Judgement.Summary(run.Judgements)}.\n\n")).ToString();
    }

    internal string Json() => Bench.Json(new
    {
        Machine = machine,
        Command = command,
        Effort = effort,
        Loads = run.Outcomes.Select(static one =>
            new { Manner = one.Key.Manner.ToString(), one.Key.Load, Outcome = one.Value }),
        Recoveries = run.Recoveries.ToDictionary(static one => one.Key.ToString(), static one => one.Value),
        Bars = run.Judgements.Select(static one => one.ForJson()),
    });

    private static string Milliseconds(double value) =>
        double.IsNaN(value) ? "–" : Bench.Text($"{value:0} ms");
}
