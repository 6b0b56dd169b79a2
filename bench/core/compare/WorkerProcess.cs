using Baton.Measuring;

namespace Baton.Compare;

/// <summary>A worker as its driver sees it.</summary>
/// <remarks>
/// The response to <c>warm NAME…</c> is <c>warm</c>, when the worker is ready to measure these acts. The
/// response to <c>NAME COUNT</c> is a <see cref="Sample"/> of the act, done that many times.
/// </remarks>
internal sealed class WorkerProcess(LineProcess process) : IDisposable
{
    internal const string WarmRequest = "warm";
    internal const string WarmAnswer = "warm";

    private readonly Dictionary<string, int> _counts = [];

    internal static WorkerProcess StartDotNet(bool isBaton, bool isServerGC) =>
        new(LineProcess.StartSelf([Worker.Flag, isBaton ? "baton" : "dotnet"], isServerGC));

    internal static WorkerProcess StartGo(string program) => new(LineProcess.Start(new(program)));

    internal async Task WarmAsync(IEnumerable<string> names)
    {
        var answer = await process.AskAsync($"{WarmRequest} {string.Join(' ', names)}");
        if (answer != WarmAnswer)
        {
            throw new InvalidOperationException($"A worker responded '{answer}' to '{WarmRequest}'.");
        }
    }

    /// <summary>Measures the act for about the length of a slice; a heavy act once.</summary>
    internal async Task<Sample> MeasureAsync(Act act, TimeSpan slice)
    {
        if (act.IsHeavy)
        {
            return await MeasureAsync(act.Name, 1);
        }

        if (!_counts.TryGetValue(act.Name, out var count))
        {
            count = await CalibrateAsync(act.Name, slice);
            _counts.Add(act.Name, count);
        }

        return await MeasureAsync(act.Name, count);
    }

    public void Dispose() => process.Dispose();

    private async Task<int> CalibrateAsync(string name, TimeSpan slice)
    {
        for (var count = 1; ;)
        {
            var sample = await MeasureAsync(name, count);
            var part = sample.Wall / slice.TotalNanoseconds;
            if (part >= 0.5 || count >= 100_000_000)
            {
                return Math.Max(1, (int)(count / part));
            }

            count = (int)Math.Ceiling(count * Math.Clamp(1 / part, 2, 20));
        }
    }

    private async Task<Sample> MeasureAsync(string name, int count) =>
        Sample.Parse(await process.AskAsync(Bench.Text($"{name} {count}")));
}
