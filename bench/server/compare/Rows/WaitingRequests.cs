namespace Baton.ServerBench;

/// <summary>Requests that wait at a server, each with a connection of its own.</summary>
internal sealed class WaitingRequests
{
    private readonly ServerProcess _server;
    private readonly List<Visitor> _visitors = [];

    private WaitingRequests(ServerProcess server) => _server = server;

    /// <summary>Asks so often. When it returns, all of them are in their handlers.</summary>
    internal static async Task<WaitingRequests> StartAsync(ServerProcess server, string path, int count)
    {
        var waiting = new WaitingRequests(server);
        for (var i = 0; i < count; i++)
        {
            var visitor = await Visitor.ConnectAsync(server.EndPoint, path);
            waiting._visitors.Add(visitor);
            await visitor.AskAsync();
            await server.EnteredAsync();
        }

        return waiting;
    }

    /// <summary>All clients leave. When it returns, all handlers have resumed.</summary>
    internal async Task LeaveAsync()
    {
        foreach (var visitor in _visitors)
        {
            visitor.Dispose();
            await _server.ResumedAsync();
        }

        _visitors.Clear();
    }
}
