using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>What a request holds while it waits in /hello.</summary>
internal sealed class Waiting(Effort effort)
{
    private const string Name = "waiting";
    private const string Path = "/hello";

    private readonly Row _row = new(
        Name, $"a request that waits in `/hello`, one of {effort.Waiting:#,0}", Unit.Bytes)
    {
        Bars = [new(Held.BytesMore, 400)],
    };

    internal static bool IsPicked(Func<string, bool> picks) => picks(Name);

    internal IEnumerable<Row> Rows => [_row];

    internal async Task RunAsync(GoProgram? go, Action<string> progress)
    {
        for (var launch = 0; launch < effort.Launches; launch++)
        {
            progress($"launch {launch + 1} of {effort.Launches}, requests that wait");
            using var contenders = await Contenders.StartAsync(go, Kind.Bare, Kind.Baton);
            await contenders.RoundAsync(launch, Kind.Bare, Kind.Baton, MeasureAsync, _row.Figures);
        }
    }

    private async Task<double> MeasureAsync(ServerProcess server)
    {
        // The first ones load code and start pools.
        await (await WaitingRequests.StartAsync(server, Path, 100)).LeaveAsync();
        var before = await server.LiveAsync();
        var requests = await WaitingRequests.StartAsync(server, Path, effort.Waiting);
        var bytes = await server.LiveAsync() - before;
        await requests.LeaveAsync();
        return (double)bytes / effort.Waiting;
    }
}
