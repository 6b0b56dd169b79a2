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
        await HoldAsync(server, 100);
        var before = await server.LiveAsync();
        var visitors = await WaitAsync(server, effort.Waiting);
        var bytes = await server.LiveAsync() - before;
        await LeaveAsync(server, visitors);
        return (double)bytes / effort.Waiting;
    }

    private static async Task HoldAsync(ServerProcess server, int count) =>
        await LeaveAsync(server, await WaitAsync(server, count));

    private static async Task<List<Visitor>> WaitAsync(ServerProcess server, int count)
    {
        var visitors = new List<Visitor>(count);
        for (var i = 0; i < count; i++)
        {
            visitors.Add(await Visitor.ConnectAsync(server.EndPoint, Path));
            await visitors[i].AskAsync();
            await server.EnteredAsync();
        }

        return visitors;
    }

    private static async Task LeaveAsync(ServerProcess server, List<Visitor> visitors)
    {
        foreach (var visitor in visitors)
        {
            visitor.Dispose();
            await server.ResumedAsync();
        }
    }
}
