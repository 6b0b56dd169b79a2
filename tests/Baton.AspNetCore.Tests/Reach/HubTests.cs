using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Client = Microsoft.AspNetCore.SignalR.Client.HubConnection;

namespace Baton.AspNetCore.Tests;

/// <summary>A context in the methods of SignalR's hubs: one for each call, under the connection's.</summary>
public sealed class HubTests
{
    private static readonly ContextKey<string> s_path = new("path");

    public static TheoryData<HttpTransportType> Transports =>
        [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Each_call_has_its_own_beside_what_the_client_gives(HttpTransportType transport)
    {
        var seen = new Seen();
        await using var server = await StartAsync(seen);
        await using var client = await ConnectAsync(server, transport);

        Assert.Equal("hello /hub", await client.InvokeAsync<string>("Say", "hello", Token));
        await client.InvokeAsync<string>("Say", "again", Token);

        Assert.Equal(2, seen.Calls.Count);
        Assert.NotSame(seen.Calls[0], seen.Calls[1]);
        Assert.All(seen.Calls, static ctx => Assert.IsType<RequestCompletedException>(ctx.Cause));
        Assert.Same(seen.Calls[0].Parent, seen.Calls[1].Parent);
        Assert.False(seen.Calls[0].Parent!.IsDone);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_that_leaves_ends_the_calls_that_run(HttpTransportType transport)
    {
        var seen = new Seen();
        await using var server = await StartAsync(seen);
        var client = await ConnectAsync(server, transport);

        var running = client.InvokeAsync("Wait", Token);
        await WaitFor.Completion(seen.Started.Task);
        await client.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(running));
        var ended = await WaitFor.Result(seen.Ended.Task);
        Assert.IsType<ClientDisconnectedException>(ended);
        Assert.True(seen.Calls[0].Parent!.IsDone);
    }

    [Fact]
    public async Task A_stopping_server_ends_the_calls_that_run()
    {
        var seen = new Seen();
        await using var server = await StartAsync(seen);
        await using var client = await ConnectAsync(server, HttpTransportType.WebSockets);

        var running = client.InvokeAsync("Wait", Token);
        await WaitFor.Completion(seen.Started.Task);
        server.Services.GetRequiredService<BatonServer>().End(new ServerShutdownException());

        Assert.IsType<ServerShutdownException>(await WaitFor.Result(seen.Ended.Task));
        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(running));
    }

    [Fact]
    public async Task A_stream_has_a_live_context_for_as_long_as_it_lasts()
    {
        var seen = new Seen();
        await using var server = await StartAsync(seen);
        await using var client = await ConnectAsync(server, HttpTransportType.WebSockets);

        var all = new List<bool>();
        await foreach (var isDone in client.StreamAsync<bool>("Stream", Token))
        {
            all.Add(isDone);
        }

        Assert.Equal([false, false, false], all);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;


    private static Task<Server> StartAsync(Seen seen) => Server.StartAsync(
        static app => app.MapHub<Hub>("/hub"),
        builder =>
        {
            builder.Services.AddSignalR();
            builder.Services.AddSingleton(seen);
            builder.Services.AddBaton(static options =>
                options.ConfigureContext = static (http, ctx) =>
                    ctx.WithValue(s_path, http.Request.Path.Value!));
        },
        expectedError: "Failed to invoke hub method");

    private static async Task<Client> ConnectAsync(Server server, HttpTransportType transport)
    {
        var client = new HubConnectionBuilder()
            .WithUrl(new Uri(server.Client.BaseAddress!, "/hub"), transport).Build();
        await client.StartAsync(Token);
        return client;
    }

    public sealed class Seen
    {
        internal List<Context> Calls { get; } = [];

        internal TaskCompletionSource Started { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource<Exception?> Ended { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Hub(Seen seen) : Microsoft.AspNetCore.SignalR.Hub
    {
        public string Say(string text, Context ctx)
        {
            seen.Calls.Add(ctx);
            return $"{text} {ctx.Value(s_path)}";
        }

        public async Task Wait(Context ctx)
        {
            seen.Calls.Add(ctx);
            seen.Started.SetResult();
            await Select.Done(ctx);
            seen.Ended.SetResult(ctx.Cause);
            ctx.ThrowIfDone();
        }

#pragma warning disable CA1822 // SignalR finds no static methods.
        public async IAsyncEnumerable<bool> Stream(
            Context ctx, [EnumeratorCancellation] CancellationToken token)
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Yield();
                token.ThrowIfCancellationRequested();
                yield return ctx.IsDone;
            }
        }
#pragma warning restore CA1822
    }
}
