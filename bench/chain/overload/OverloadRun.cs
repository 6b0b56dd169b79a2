using System.Text.Json;
using Baton.Measuring;

namespace Baton.Overload;

/// <summary>Offers the chain more than it can do, manner by manner.</summary>
internal sealed class OverloadRun(Effort effort, bool isCpuBound)
{
    private const int Twice = 2;

    private readonly Dictionary<(Manner Manner, double Load), Outcome> _outcomes = [];
    private readonly Dictionary<Manner, double> _recoveries = [];

    internal IReadOnlyDictionary<(Manner Manner, double Load), Outcome> Outcomes => _outcomes;

    /// <summary>The seconds until all was well after a stall of one second.</summary>
    internal IReadOnlyDictionary<Manner, double> Recoveries => _recoveries;

    internal IReadOnlyList<Judgement> Judgements
    {
        get
        {
            var (before, after) = (_outcomes[(Manner.Timeouts, Twice)], _outcomes[(Manner.Baton, Twice)]);
            return
            [
                Judgement.AtMost(0.2, "twice the capacity: waste, to a timeout per hop",
                    after.Wasted / before.Wasted, "×"),
                Judgement.AtLeast(1, "twice the capacity: goodput, to a timeout per hop",
                    after.Goodput / before.Goodput, "×"),
            ];
        }
    }

    internal async Task RunAsync(Action<string> progress)
    {
        foreach (var manner in effort.Manners)
        {
            foreach (var load in Effort.Loads)
            {
                progress(Bench.Text($"{manner.Title()}: {load} × capacity"));
                _outcomes[(manner, load)] = await LoadAsync(manner, load);
            }

            progress($"{manner.Title()}: a stall");
            _recoveries[manner] = await StallAsync(manner);
        }
    }

    private async Task<Outcome> LoadAsync(Manner manner, double load)
    {
        using var chain = await StartAsync(manner);
        var (asked, _) = await chain.Crowd.AskAsync(load * Times.Capacity(isCpuBound), effort.Load);
        var spent = JsonSerializer.Deserialize<Dictionary<int, double>>(
            await chain.Process.AskAsync(ChainWorker.Spent))!;
        return Outcome.Of(asked, spent, effort.Load.TotalSeconds);
    }

    private async Task<double> StallAsync(Manner manner)
    {
        using var chain = await StartAsync(manner);
        var (asked, middle) = await chain.Crowd.AskAsync(
            Effort.StallLoad * Times.Capacity(isCpuBound), effort.Stall, () =>
                chain.Process.AskAsync(ChainWorker.Stall));
        return Recovery.After(asked, middle + Times.Stall.TotalSeconds);
    }

    // Each load finds a chain that has done nothing but warm up.
    private async Task<Chain> StartAsync(Manner manner)
    {
        var process = LineProcess.StartSelf([ChainWorker.Flag, manner.ToString(), isCpuBound.ToString()]);
        var gateway = new Uri(await process.ReadAsync("start"));
        var chain = new Chain(process, new Crowd(manner, gateway));
        await chain.Crowd.AskAsync(Times.Capacity(isCpuBound) / 4, TimeSpan.FromSeconds(1));
        await process.AskAsync(ChainWorker.Spent);
        return chain;
    }

    private sealed record Chain(LineProcess Process, Crowd Crowd) : IDisposable
    {
        public void Dispose()
        {
            Crowd.Dispose();
            Process.Dispose();
        }
    }
}
