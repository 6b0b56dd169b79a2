using System.Diagnostics;
using System.Globalization;

namespace Baton.Compare;

/// <summary>A worker as its driver sees it.</summary>
/// <remarks>
/// <c>warm NAME…</c> is answered by <c>warm</c> when the worker is ready to measure these acts, and
/// <c>NAME COUNT</c> by a <see cref="Sample"/>: what the act took, done so often.
/// </remarks>
internal sealed class WorkerProcess : IDisposable
{
    internal const string WarmRequest = "warm";
    internal const string WarmAnswer = "warm";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Dictionary<string, int> _counts = [];

    private WorkerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
    }

    internal static WorkerProcess StartDotNet(bool isBaton, bool isServerGC)
    {
        var host = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(host) == "dotnet";
        var start = new ProcessStartInfo(host);
        if (isHost)
        {
            start.ArgumentList.Add(typeof(WorkerProcess).Assembly.Location);
        }

        start.ArgumentList.Add(Worker.Flag);
        start.ArgumentList.Add(isBaton ? "baton" : "dotnet");

        // Nothing of the caller's shell may change how the code is compiled, or which collector runs.
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray())
        {
            start.Environment.Remove(name);
        }

        if (isServerGC)
        {
            start.Environment["DOTNET_gcServer"] = "1";
        }

        return new WorkerProcess(start);
    }

    internal static WorkerProcess StartGo(string program) => new(new ProcessStartInfo(program));

    internal async Task WarmAsync(IEnumerable<string> names)
    {
        var answer = await AskAsync($"{WarmRequest} {string.Join(' ', names)}");
        if (answer != WarmAnswer)
        {
            throw new InvalidOperationException($"A worker answered '{answer}' to '{WarmRequest}'.");
        }
    }

    /// <summary>Measures the act for about as long as a slice is; a heavy one once.</summary>
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

    public void Dispose()
    {
        // At the end of its input a worker leaves by itself.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        (name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith("DOTNET_ROOT", StringComparison.OrdinalIgnoreCase))
        || name.StartsWith("COMPlus_", StringComparison.OrdinalIgnoreCase);

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
        Sample.Parse(await AskAsync(string.Create(CultureInfo.InvariantCulture, $"{name} {count}")));

    private async Task<string> AskAsync(string request)
    {
        await _process.StandardInput.WriteLineAsync(request);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience)
            ?? throw new InvalidOperationException($"A worker ended at '{request}'.");
    }
}
