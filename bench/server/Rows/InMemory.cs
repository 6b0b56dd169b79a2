using System.Globalization;
using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>
/// The time of one request on Kestrel without sockets: what the middleware costs, to a few nanoseconds.
/// </summary>
internal sealed class InMemory
{
    /// <summary>Of a slice: some tens of milliseconds.</summary>
    private const int Requests = 20_000;

    private const int RoundsPerLaunch = 10;
    private const int Warming = 6;

    private readonly Effort _effort;
    private readonly (Act Act, Row Row)[] _all;

    internal InMemory(Effort effort, Func<string, bool> picks)
    {
        _effort = effort;
        _all =
        [
            .. Act.Barred.Prepend(Act.Control).Where(act => picks(act.Name))
                .Select(static act => (act, new Row(act.Name, act.Title, Unit.Nanoseconds))),
        ];
    }

    internal IEnumerable<Row> Rows => _all.Select(static one => one.Row);

    internal async Task RunAsync(Action<string> progress)
    {
        for (var launch = 0; launch < _effort.Launches && _all.Length > 0; launch++)
        {
            progress($"launch {launch + 1} of {_effort.Launches}, in memory");
            foreach (var (act, row) in _all)
            {
                using var worker = LineProcess.StartSelf(
                    [MemoryWorker.Flag, $"{act.DotNet}", $"{act.Baton}", act.Path]);
                for (var round = -Warming; round < RoundsPerLaunch; round++)
                {
                    var answer = await worker.AskAsync(Requests.ToString(CultureInfo.InvariantCulture));
                    var times = answer.Split(' ').Select(static time =>
                        double.Parse(time, CultureInfo.InvariantCulture)).ToArray();
                    if (round >= 0)
                    {
                        row.Figures.Add(times[0], times[1], null);
                    }
                }
            }
        }
    }
}
