namespace Baton.Compare;

/// <summary>Measures all acts in all flavours, in turns, until the medians settle.</summary>
internal sealed class Session(Effort effort, IReadOnlyList<Act> acts, string? goProgram, bool isServerGC)
{
    private readonly Dictionary<Act, Figures> _figures =
        acts.ToDictionary(static act => act, static _ => new Figures());

    internal IReadOnlyDictionary<Act, Figures> Figures => _figures;

    internal async Task RunAsync(Action<string> progress)
    {
        for (var launch = 0; launch < effort.Launches; launch++)
        {
            foreach (var some in acts.GroupBy(static act => act.Process))
            {
                await LaunchAsync([.. some], launch, progress);
            }
        }
    }

    private async Task LaunchAsync(Act[] some, int launch, Action<string> progress)
    {
        var name = $"launch {launch + 1} of {effort.Launches}{(some[0].Process is { Length: > 0 } process ? $", {process}" : "")}";
        progress($"{name}: warming up");
        using var dotNet = WorkerProcess.StartDotNet(isBaton: false, isServerGC);
        using var baton = WorkerProcess.StartDotNet(isBaton: true, isServerGC);
        using var go = goProgram is null ? null : WorkerProcess.StartGo(goProgram);
        await Task.WhenAll(
            dotNet.WarmAsync(Names(some, static act => act.DotNet is not null)),
            baton.WarmAsync(Names(some, static act => act.Baton is not null)),
            go?.WarmAsync(Names(some, static act => act.HasGo)) ?? Task.CompletedTask);
        for (var round = 0; some.Where(act => IsLeft(act, round)).ToArray() is { Length: > 0 } left; round++)
        {
            progress($"{name}, round {round + 1}: {left.Length} acts");
            foreach (var act in left)
            {
                await RunRoundAsync(act, [dotNet, baton, go], first: launch + round);
            }
        }
    }

    private static IEnumerable<string> Names(Act[] some, Func<Act, bool> which) =>
        some.Where(which).Select(static act => act.Name);

    private bool IsLeft(Act act, int round)
    {
        var figures = _figures[act];
        return effort.Runs(round, act.IsHeavy, figures.BatonToDotNet, figures.GoToBaton);
    }

    // The flavours run one after the other, and each time a different one is first, so that none of them
    // always has the cooler or the quieter machine.
    private async Task RunRoundAsync(Act act, WorkerProcess?[] workers, int first)
    {
        bool[] takesPart = [act.DotNet is not null, act.Baton is not null, act.HasGo];
        var samples = new Sample?[workers.Length];
        for (var i = 0; i < workers.Length; i++)
        {
            var flavour = (first + i) % workers.Length;
            if (takesPart[flavour] && workers[flavour] is { } worker)
            {
                samples[flavour] = await worker.MeasureAsync(act, effort.Slice);
            }
        }

        _figures[act].Add(samples[0], samples[1], samples[2]);
    }
}
