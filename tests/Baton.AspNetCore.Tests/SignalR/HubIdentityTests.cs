using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Client = Microsoft.AspNetCore.SignalR.Client.HubConnection;

namespace Baton.AspNetCore.Tests;

/// <summary>The values of a connection of SignalR are those of the request that started it.</summary>
public sealed partial class HubIdentityTests
{
    public static TheoryData<HttpTransportType> Transports => HubServer.Transports;

    [Fact]
    public async Task A_connection_that_polls_never_has_the_values_of_another_request_on_its_socket()
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        using var socket = await server.SendAsync("");
        var id = ConnectionToken().Match(await AskAsync(socket, "POST", "/hub/negotiate?negotiateVersion=1"))
            .Groups[1].Value;
        var path = $"/hub?id={id}";
        await AskAsync(socket, "GET", path);
        await AskAsync(socket, "POST", path, "{\"protocol\":\"json\",\"version\":1}\u001e");
        await AskAsync(socket, "GET", path);

        for (var call = 0; call < 5; call++)
        {
            var bobs = await AskAsync(socket, "GET", "/other", user: "bob");
            Assert.Contains("\r\nbob\r\n", bobs, StringComparison.Ordinal);
            await AskAsync(
                socket, "POST", path,
                $"{{\"type\":1,\"invocationId\":\"{call}\",\"target\":\"Who\",\"arguments\":[]}}\u001e");
            var polled = await AskAsync(socket, "GET", path);
            Assert.Contains("\"alice alice+ live\"", polled, StringComparison.Ordinal);
        }

        var parent = Assert.Single(seen.Calls.Select(static ctx => ctx.Parent).Distinct())!;
        Assert.False(parent.IsDone);
        await AskAsync(socket, "DELETE", path);
        await WaitFor.True(() => parent.IsDone);
        Assert.IsType<ClientDisconnectedException>(parent.Cause);
    }

    [Fact]
    public async Task A_first_call_while_another_users_request_has_the_socket_has_the_first_users_values()
    {
        var seen = new HubServer.Seen();
        var (arrived, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await HubServer.StartAsync(seen, map: app => app.MapGet("/held", async () =>
        {
            arrived.SetResult();
            await released.Task;
            return "held";
        }));
        using var first = await server.SendAsync("");
        using var second = await server.SendAsync("");
        var id = ConnectionToken().Match(await AskAsync(first, "POST", "/hub/negotiate?negotiateVersion=1"))
            .Groups[1].Value;
        var path = $"/hub?id={id}";
        await AskAsync(first, "GET", path);
        await AskAsync(second, "POST", path, "{\"protocol\":\"json\",\"version\":1}\u001e");
        await AskAsync(second, "GET", path);

        var bobs = AskAsync(first, "GET", "/held", user: "bob");
        await WaitFor.Completion(arrived.Task);
        await AskAsync(
            second, "POST", path,
            "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Who\",\"arguments\":[]}\u001e");
        Assert.Contains(
            "\"alice alice+ live\"", await AskAsync(second, "GET", path), StringComparison.Ordinal);
        released.SetResult();
        await WaitFor.Completion(bobs);
        first.Dispose();

        await AskAsync(
            second, "POST", path,
            "{\"type\":1,\"invocationId\":\"2\",\"target\":\"Who\",\"arguments\":[]}\u001e");
        Assert.Contains(
            "\"alice alice+ live\"", await AskAsync(second, "GET", path), StringComparison.Ordinal);
        await AskAsync(second, "DELETE", path);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Two_users_have_their_own_values_over_every_transport(HttpTransportType transport)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        await using var alice = await HubServer.ConnectAsync(server, transport, "alice");
        await using var bob = await HubServer.ConnectAsync(server, transport, "bob");

        for (var i = 0; i < 5; i++)
        {
            await server.Client.GetStringAsync("/other", TestContext.Current.CancellationToken);
            Assert.Equal("alice alice+ live", await WhoAsync(alice));
            Assert.Equal("bob bob+ live", await WhoAsync(bob));
        }

        Assert.Equal(2, seen.Calls.Select(static ctx => ctx.Parent).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_hub_has_one_context_by_constructor_parameter_service_accessor_and_scope(
        HttpTransportType transport)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        await using var client = await HubServer.ConnectAsync(server, transport, path: "/taker");

        Assert.Equal("alice alice", await WaitFor.Result(client.InvokeAsync<string>("All")));
        Assert.Equal("alice alice", await WaitFor.Result(client.InvokeAsync<string>("All")));
        await foreach (var isSame in client.StreamAsync<bool>("Stream"))
        {
            Assert.True(isSame);
        }

        Assert.Equal(3, seen.Calls.Distinct().Count());
        Assert.All(seen.Calls, static ctx => Assert.IsType<RequestCompletedException>(ctx.Cause));
        Assert.Single(seen.Calls.Select(static ctx => ctx.Parent).Distinct());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_renamed_method_takes_a_context(HttpTransportType transport)
    {
        await using var server = await HubServer.StartAsync(new HubServer.Seen());
        await using var client = await HubServer.ConnectAsync(server, transport);

        Assert.Equal(
            "renamed alice alice+ live", await WaitFor.Result(client.InvokeAsync<string>("renamed")));
    }

    private static Task<string> WhoAsync(Client client) =>
        WaitFor.Result(client.InvokeAsync<string>("Who", TestContext.Current.CancellationToken));

    [GeneratedRegex("\"connectionToken\":\"([^\"]+)\"")]
    private static partial Regex ConnectionToken();

    [GeneratedRegex("Content-Length: (\\d+)")]
    private static partial Regex ContentLength();

    /// <summary>One request and its response over a socket that others use as well.</summary>
    private static async Task<string> AskAsync(
        Socket socket, string method, string path, string body = "", string user = "alice")
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nx-user: {user}\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}"));
        var response = "";
        var buffer = new byte[8192];
        while (!IsWhole(response))
        {
            var read = await WaitFor.Result(socket.ReceiveAsync(buffer));
            Assert.NotEqual(0, read);
            response += Encoding.UTF8.GetString(buffer, 0, read);
        }

        return response;
    }

    private static bool IsWhole(string response)
    {
        var end = response.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end >= 0 && (response.StartsWith("HTTP/1.1 204", StringComparison.Ordinal)
            || (ContentLength().Match(response) is { Success: true } length
                ? response.Length >= end + 4 + int.Parse(length.Groups[1].Value, null)
                : response.EndsWith("0\r\n\r\n", StringComparison.Ordinal)));
    }
}
