using System.Text;
using Baton.Measuring;

namespace Baton.Storm;

/// <summary>What a run gave.</summary>
internal sealed class Report(
    MachineInfo machine, string command, Options options, int seed, StormRun storm, Flood flood)
{
    private readonly IReadOnlyList<Judgement> _judgements = [.. storm.Judgements, .. flood.Judgements];

    internal bool IsMissed => _judgements.Any(static one => one.Verdict == Verdict.Missed);

    internal string Page() => "# The storm\n\n" + machine.Heading(
        command, "bench/server/storm/Report.cs",
        $"{options.Seconds} s, {options.Clients} clients a second, seed {seed}") + Text();

    internal string Text()
    {
        var text = new StringBuilder();
        text.Append(Bench.Text(
            $"{storm.Counts.Sum(static one => one.Clients):#,0} clients came and left, seed {seed}, beside {GoodLoad.PerSecond} good requests a second.\n\n"));
        text.Append("| bar | measured | |\n|---|---:|---|\n");
        foreach (var one in _judgements)
        {
            text.Append(Bench.Text(
                $"| {one.Bar} | {(double.IsNaN(one.Value) ? "–" : Bench.Text($"{one.Value:0.##} {one.Unit}"))} | {Word(one.Verdict)} |\n"));
        }

        var good = storm.Good;
        text.Append(Bench.Text(
            $"\nGood load: {good.Answers:#,0} answers, p50 {good.P50:0.00} ms, p99 {good.P99:0.00} ms, max {good.Max:0.0} ms{(good.FirstError is { } error ? $"; first error: {error}" : "")}.\n"));
        text.Append(Bench.Text(
            $"Resets, {flood.Resets:#,0} a round: {flood.ProcessorTime.DotNet.Median:0.0} µs of processor time each with Kestrel alone, {flood.ProcessorTime.Baton.Median:0.0} µs with Baton; at most {flood.PeakKib.DotNet.Median / 1024:0} MiB and {flood.PeakKib.Baton.Median / 1024:0} MiB. No worse is what is within the difference of two equal runs, Kestrel alone before and after each of Baton's: the upper quartile of the larger over the smaller, and {Floor.Least} × at least.\n\n"));
        text.Append("| way | clients |\n|---|---:|\n");
        foreach (var (way, clients) in storm.Counts)
        {
            text.Append(Bench.Text($"| {way} | {clients:#,0} |\n"));
        }

        return text.Append(Bench.Text($"\n{Judgement.Summary(_judgements)}.\n\n")).ToString();
    }

    internal string Json() => Bench.Json(new
    {
        Machine = machine,
        Command = command,
        Seed = seed,
        Ways = storm.Counts.ToDictionary(static one => one.Way, static one => one.Clients),
        storm.Before,
        storm.After,
        storm.Good,
        storm.BytesPerClient,
        Lives = storm.Lives.Select(static one => new { one.Clients, one.LiveBytes }),
        Resets = new
        {
            ProcessorTime = flood.ProcessorTime.BatonToDotNet,
            Memory = flood.PeakKib.BatonToDotNet,
        },
        Bars = _judgements.Select(static one => one.ForJson()),
    });

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Met => "met",
        Verdict.Missed => "**missed**",
        _ => "not measured",
    };
}
