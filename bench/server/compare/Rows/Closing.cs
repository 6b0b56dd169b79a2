using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>From a client's close until its handler resumes.</summary>
internal sealed class Closing(Effort effort)
{
    private const string Name = "closing";
    private const string Path = "/hello";

    private readonly Row _middle =
        new(Name, "a client closes, the handler resumes: median", Unit.Microseconds);
    private readonly Row _late = new(Name, "a client closes, the handler resumes: p99", Unit.Microseconds)
    {
        Bars = [new(Held.Time, 1.2)],
    };

    /// <summary>The clients that leave one server before it is another's turn.</summary>
    private int Slice => Math.Max(100, effort.Closings / 10);

    internal static bool IsPicked(Func<string, bool> picks) => picks(Name);

    internal IEnumerable<Row> Rows => [_middle, _late];

    internal async Task RunAsync(GoProgram? go, Action<string> progress)
    {
        for (var launch = 0; launch < effort.Launches; launch++)
        {
            progress($"launch {launch + 1} of {effort.Launches}, clients that leave");
            using var contenders = await Contenders.StartAsync(go, Kind.Bare, Kind.Baton);
            var found = new Dictionary<ServerProcess, List<double>>();
            for (var slice = 0; slice <= effort.Closings / Slice; slice++)
            {
                await contenders.RoundAsync(
                    launch + slice, Kind.Bare, Kind.Baton, MeasureAsync, new Series());
                if (slice == 0)
                {
                    // That was for the compiler.
                    found.Clear();
                }
            }

            Add(_middle, 0.5);
            Add(_late, 0.99);

            async Task<double> MeasureAsync(ServerProcess server)
            {
                found.TryAdd(server, []);
                for (var i = 0; i < Slice; i++)
                {
                    found[server].Add(await LeaveAsync(server));
                }

                return 0;
            }

            void Add(Row row, double part) => row.Figures.Add(
                Statistics.At(found[contenders[Kind.Bare]], part),
                Statistics.At(found[contenders[Kind.Baton]], part),
                contenders.Go is { } of ? Statistics.At(found[of], part) : null);
        }
    }

    private static async Task<double> LeaveAsync(ServerProcess server)
    {
        long left;
        using (var visitor = await Visitor.ConnectAsync(server.EndPoint, Path))
        {
            await visitor.AskAsync();
            await server.EnteredAsync();
            left = Probe.Now;
        }

        return (await server.ResumedAsync() - left) / 1000.0;
    }
}
