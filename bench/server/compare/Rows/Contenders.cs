using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>The servers of one launch, all running; the one whose turn it is is loaded.</summary>
internal sealed class Contenders : IDisposable
{
    private readonly Dictionary<Kind, ServerProcess> _servers = [];

    private Contenders(ServerProcess? go) => Go = go;

    internal ServerProcess? Go { get; }

    internal ServerProcess this[Kind kind] => _servers[kind];

    /// <summary>Starts each in a process of its own.</summary>
    internal static async Task<Contenders> StartAsync(GoProgram? go, params Kind[] kinds)
    {
        var all = new Contenders(go is null ? null : await ServerProcess.StartGoAsync(go));
        foreach (var kind in kinds)
        {
            all._servers.Add(kind, (await ServerProcess.StartAsync(kind))[0]);
        }

        return all;
    }

    /// <summary>
    /// Starts those of .NET in one process: two processes of one program differ by more than what is to be
    /// measured, as the JIT and the heap turn out differently in each.
    /// </summary>
    internal static async Task<Contenders> StartTogetherAsync(GoProgram? go, params Kind[] kinds)
    {
        var all = new Contenders(go is null ? null : await ServerProcess.StartGoAsync(go));
        foreach (var (kind, server) in kinds.Zip(await ServerProcess.StartAsync(kinds)))
        {
            all._servers.Add(kind, server);
        }

        return all;
    }

    /// <summary>
    /// Measures one after the other, another one first each time, and adds what came out as a round.
    /// </summary>
    internal async Task RoundAsync(
        int number, Kind dotNet, Kind baton, Func<ServerProcess, Task<double>> measure, Series figures)
    {
        ServerProcess?[] servers = [this[dotNet], this[baton], Go];
        var found = new double?[servers.Length];
        for (var i = 0; i < servers.Length; i++)
        {
            var turn = (number + i) % servers.Length;
            if (servers[turn] is { } server)
            {
                found[turn] = await measure(server);
            }
        }

        figures.Add(found[0], found[1], found[2]);
    }

    public void Dispose()
    {
        Go?.Dispose();
        foreach (var server in _servers.Values)
        {
            server.Dispose();
        }
    }
}
