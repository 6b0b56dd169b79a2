using System.Text;
using Baton.Measuring;

namespace Baton.Overload;

/// <summary>What a run gave.</summary>
internal sealed class Report(MachineInfo machine, string command, string effort, OverloadRun run)
{
    internal bool IsMissed => run.Judgements.Any(static one => one.Verdict == Verdict.Missed);

    internal string Page() => "# A chain under more than it can do\n\n" + machine.Heading(command, "bench/overload/Report.cs", effort) + Text();

    internal string Text()
    {
        var text = new StringBuilder();
        text.Append("| the chain is written with | offered | goodput | wasted work | p50 | p99 | well again after a stall of 1 s |\n");
        text.Append("|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (var ((manner, load), outcome) in run.Outcomes)
        {
            var recovery = load == Effort.Loads[0] ? Bench.Text($"{run.Recoveries[manner]:0.##} s") : "";
            text.Append(Bench.Text(
                $"| {manner.Title()} | {load} × | {outcome.Goodput:0}/s | {outcome.Wasted:P0} | {Milliseconds(outcome.P50)} | {Milliseconds(outcome.P99)} | {recovery} |\n"));
        }

        text.Append(Bench.Text($"\nThe client gives {Times.Client.TotalMilliseconds} ms; a timeout per hop is {Times.Hop.TotalSeconds} s; with Baton each hop keeps {Times.Reserve.TotalMilliseconds} ms. Goodput: answers in time. Wasted: the part of the work whose answer came too late, or never. The stall comes at {Effort.StallLoad} × the capacity.\n\n"));
        foreach (var judgement in run.Judgements)
        {
            text.Append(Bench.Text($"- {judgement}{(judgement.Verdict == Verdict.Met ? Bench.Text($" ({judgement.Value:0.##} ×)") : "")}\n"));
        }

        return text.Append(Bench.Text($"\n{Judgement.Summary(run.Judgements)}.\n\n")).ToString();
    }

    internal string Json() => Bench.Json(new
    {
        Machine = machine,
        Command = command,
        Effort = effort,
        Loads = run.Outcomes.Select(static one => new { Manner = one.Key.Manner.ToString(), one.Key.Load, Outcome = one.Value }),
        Recoveries = run.Recoveries.ToDictionary(static one => one.Key.ToString(), static one => one.Value),
        Bars = run.Judgements.Select(static one => one.ForJson()),
    });

    private static string Milliseconds(double value) => double.IsNaN(value) ? "–" : Bench.Text($"{value:0} ms");
}
