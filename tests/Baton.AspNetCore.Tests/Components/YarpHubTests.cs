using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Client = Microsoft.AspNetCore.SignalR.Client.HubConnection;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// An application with a hub behind YARP, which sends the requests of all users over the same connections: no
/// user ever has the context of another.
/// </summary>
public sealed class YarpHubTests
{
    private const int Rounds = 30;

    public static readonly MatrixTheoryData<HttpTransportType, string> Cases = new(
        [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling],
        ["1.1", "2.0"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Two_users_over_pooled_connections_have_each_their_own_context(
        HttpTransportType transport, string version)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen, version == "2.0" ? Server.OverHttp2 : null);
        await using var proxy = await StartProxyAsync(server, version);
        using var stop = new CancellationTokenSource();
        var strangers = Enumerable.Range(0, 2).Select(i => AskAsync(proxy, $"stranger{i}", stop.Token)).ToArray();

        for (var round = 0; round < Rounds; round++)
        {
            await using var alice = await ConnectAsync("alice");
            await using var bob = await ConnectAsync("bob");
            for (var call = 0; call < 2; call++)
            {
                Assert.Equal("alice alice+ live", await WaitFor.Result(alice.InvokeAsync<string>("Who")));
                Assert.Equal("bob bob+ live", await WaitFor.Result(bob.InvokeAsync<string>("Who")));
            }
        }

        await stop.CancelAsync();
        Assert.All(await WaitFor.Result(Task.WhenAll(strangers)), static count => Assert.NotEqual(0, count));

        // One context for each connection, which ended with it.
        var connections = seen.Calls.Select(static ctx => ctx.Parent!).Distinct().ToArray();
        Assert.Equal(2 * Rounds, connections.Length);
        await WaitFor.True(() => Array.TrueForAll(connections, static ctx => ctx.IsDone));

        Task<Client> ConnectAsync(string user) =>
            HubServer.ConnectAsync(proxy, transport, user);
    }

    /// <summary>The requests of another user, one after the other, until there have been enough.</summary>
    private static async Task<int> AskAsync(Server proxy, string user, CancellationToken stop)
    {
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/other");
            request.Headers.Add("x-user", user);
            using var response = await proxy.Client.SendAsync(request, CancellationToken.None);
            Assert.Equal(user, await response.Content.ReadAsStringAsync(CancellationToken.None));
            count++;
        }

        return count;
    }

    private static Task<Server> StartProxyAsync(Server server, string version) => Server.StartBareAsync(
        static app => app.MapReverseProxy(),
        builder => builder.Services.AddReverseProxy().LoadFromMemory(
            [
                new RouteConfig
                {
                    RouteId = "all", ClusterId = "hub", Match = new RouteMatch { Path = "/{**all}" },
                },
            ],
            [
                new ClusterConfig
                {
                    ClusterId = "hub",
                    HttpRequest = new ForwarderRequestConfig
                    {
                        Version = new Version(version),
                        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    },
                    Destinations = new Dictionary<string, DestinationConfig>
                    {
                        ["server"] = new() { Address = server.Client.BaseAddress!.ToString() },
                    },
                },
            ]));
}
