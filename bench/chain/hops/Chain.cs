using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;

namespace Baton.Hops;

/// <summary>Three servers, each calling the next: HTTP/1.1 from the client, then HTTP/2, then gRPC.</summary>
internal abstract class Chain : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] s_request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();

    private readonly List<WebApplication> _hops = [];
    private IPEndPoint _first = null!;

    /// <summary>The request that is on its way.</summary>
    protected Visit Visit { get; } = new();

    internal async Task StartAsync()
    {
        _hops.Add(await StartLastAsync());
        _hops.Add(await StartSecondAsync(_hops[0].Urls.Single()));
        _hops.Add(await StartFirstAsync(_hops[1].Urls.Single()));
        _first = IPEndPoint.Parse(new Uri(_hops[2].Urls.Single()).Authority);
    }

    /// <summary>Asks, closes when the last handler waits, and takes the time until that goes on.</summary>
    internal async Task<TimeSpan> LeaveAsync()
    {
        Visit.Begin();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        long closed;
        using (socket)
        {
            await socket.ConnectAsync(_first);
            await socket.SendAsync(s_request);
            await Visit.Arrived.WaitAsync(s_patience);
            closed = Stopwatch.GetTimestamp();
        }

        await Visit.Over.WaitAsync(s_patience);
        return Stopwatch.GetElapsedTime(closed, Visit.Resumed);
    }

    public async ValueTask DisposeAsync()
    {
        _hops.Reverse();
        foreach (var hop in _hops)
        {
            await hop.DisposeAsync();
        }
    }

    protected abstract Task<WebApplication> StartFirstAsync(string next);

    protected abstract Task<WebApplication> StartSecondAsync(string next);

    protected abstract Task<WebApplication> StartLastAsync();
}
