using System.Net;
using System.Text.Json;
using Baton.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Time.Testing;
using Client = Microsoft.AspNetCore.SignalR.Client.HubConnection;

namespace Baton.Dashboard.Tests;

/// <summary>Calls of SignalR's hubs on the page.</summary>
public sealed class HubTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Seen _seen = new();

    public static TheoryData<HttpTransportType> Transports =>
        [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_call_in_flight_has_a_row_with_its_hub_method_and_age(HttpTransportType transport)
    {
        await using var server = await StartAsync();
        await server.RequestsAsync();
        await using var client = await ConnectAsync(server, transport);
        var running = client.InvokeAsync("Plain", "secret");
        await WaitFor.Completion(_seen.Arrived.Task);
        _clock.Advance(TimeSpan.FromSeconds(3));

        var row = await RowAsync(server);

        Assert.Equal(("HUB", "StockHub/Plain", true), (Text(row, "method"), Text(row, "route"), row.GetProperty("isHub").GetBoolean()));
        Assert.Equal((3000, false), (row.GetProperty("ageMs").GetDouble(), row.GetProperty("isOlder").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("end").ValueKind);
        Assert.DoesNotContain("secret", (await server.ReadAsync()).GetRawText(), StringComparison.Ordinal);
        _seen.Released.SetResult();
        await WaitFor.Completion(running);
        await GoneAsync(server);
        var counted = (await server.ReadAsync()).GetProperty("endpoints").EnumerateArray()
            .Single(static one => Text(one, "route") == "StockHub/Plain");
        Assert.Equal(("HUB", 1, 0), (Text(counted, "method"), counted.GetProperty("count").GetInt32(),
            counted.GetProperty("wasted").GetDouble()));
    }

    [Fact]
    public async Task A_call_that_began_before_the_page_was_opened_is_found_with_its_age()
    {
        await using var server = await StartAsync();
        await using var client = await ConnectAsync(server, HttpTransportType.WebSockets);
        var running = client.InvokeAsync("Wait");
        await WaitFor.Completion(_seen.Arrived.Task);
        _clock.Advance(TimeSpan.FromSeconds(7));

        var row = await RowAsync(server);

        Assert.Equal("StockHub/Wait", Text(row, "route"));
        Assert.Equal((7000, false), (row.GetProperty("ageMs").GetDouble(), row.GetProperty("isOlder").GetBoolean()));
        _seen.Released.SetResult();
        await WaitFor.Completion(running);
        await GoneAsync(server);
    }

    [Fact]
    public async Task A_stream_is_shown_until_it_ends()
    {
        await using var server = await StartAsync();
        await server.RequestsAsync();
        await using var client = await ConnectAsync(server, HttpTransportType.WebSockets);
        await using var items = client.StreamAsync<int>("Count").GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        var next = items.MoveNextAsync();
        await WaitFor.Completion(_seen.Arrived.Task);
        _clock.Advance(Snapshots.Fresh);

        Assert.Equal("StockHub/Count", Text(await RowAsync(server), "route"));
        _seen.Released.SetResult();
        Assert.True(await next);
        Assert.False(await items.MoveNextAsync());
        await GoneAsync(server);
    }

    [Fact]
    public async Task What_a_call_calls_and_derives_stands_under_it_and_not_under_its_connection()
    {
        await using var server = await StartAsync();
        await server.RequestsAsync();
        await using var client = await ConnectAsync(server, HttpTransportType.WebSockets);
        var running = client.InvokeAsync("Call");
        await WaitFor.Completion(_seen.Arrived.Task);
        _clock.Advance(Snapshots.Fresh);

        var rows = await server.RequestsAsync();
        var row = rows.Single(static row => Text(row, "method") == "HUB");
        Assert.Equal("http://stock.example", Text(Assert.Single(row.GetProperty("calls").EnumerateArray()), "target"));
        Assert.Empty(rows.Single(static row => Text(row, "method") != "HUB").GetProperty("calls").EnumerateArray());
        var tree = (await server.ReadAsync($"requests/{Text(row, "id")}")).GetProperty("contexts");
        Assert.Contains(tree.GetProperty("children").EnumerateArray(), static one =>
            one.GetProperty("deadline") is { ValueKind: JsonValueKind.Object } deadline
            && deadline.GetProperty("totalMs").GetDouble() == 30_000);
        _seen.Released.SetResult();
        await WaitFor.Completion(running);
        await GoneAsync(server);
    }

    [Fact]
    public async Task A_client_that_leaves_is_seen_while_the_method_goes_on()
    {
        await using var server = await StartAsync();
        await server.RequestsAsync();
        var client = await ConnectAsync(server, HttpTransportType.WebSockets);
        var running = client.InvokeAsync("Wait");
        await WaitFor.Completion(_seen.Arrived.Task);

        await client.DisposeAsync();

        var all = await server.UntilAsync(
            static all => all.Rows().Any(static row =>
                Text(row, "method") == "HUB" && row.GetProperty("end").ValueKind == JsonValueKind.Object),
            between: () => _clock.Advance(Snapshots.Fresh));
        var end = all.Rows().Single(static row => Text(row, "method") == "HUB").GetProperty("end");
        Assert.Equal("client_disconnected", Text(end, "cause"));
        _seen.Released.SetResult();
        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(running));
        await GoneAsync(server);
        var counted = (await server.ReadAsync()).GetProperty("endpoints").EnumerateArray()
            .Single(static one => Text(one, "route") == "StockHub/Wait");
        Assert.Equal([0, 1, 0, 0, 0, 0], counted.GetProperty("ended").EnumerateArray().Select(static one => one.GetInt32()));
    }

    [Fact]
    public async Task An_operator_cancels_a_call()
    {
        await using var server = await StartAsync();
        await using var client = await ConnectAsync(server, HttpTransportType.WebSockets);
        var running = client.InvokeAsync("Wait");
        await WaitFor.Completion(_seen.Arrived.Task);
        var id = Text(await RowAsync(server), "id")!;

        using var response = await CancelTests.PostAsync(server, id, "ann");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.IsType<CanceledByOperatorException>(await WaitFor.Result(_seen.Ended.Task));
        _seen.Released.SetResult();
        await WaitFor.Completion(running);
        await GoneAsync(server);
    }

    private static string? Text(JsonElement one, string name) => one.GetProperty(name).GetString();

    private static async Task<JsonElement> RowAsync(Server server) =>
        (await server.RequestsAsync()).Single(static row => Text(row, "method") == "HUB");

    private static async Task<Client> ConnectAsync(Server server, HttpTransportType transport)
    {
        var client = new HubConnectionBuilder().WithUrl(new Uri(server.Client.BaseAddress!, "/hub"), transport).Build();
        await client.StartAsync(TestContext.Current.CancellationToken);
        return client;
    }

    private Task<JsonElement> GoneAsync(Server server) => server.UntilAsync(
        static all => all.Rows().All(static row => Text(row, "method") != "HUB"),
        between: () => _clock.Advance(Snapshots.Fresh));

    private Task<Server> StartAsync() => Site.StartAsync(
        app => app.MapHub<StockHub>("/hub"),
        builder =>
        {
            Site.AddOperators(builder);
            builder.Services.AddBaton(options => options.BaseContext = Context.Root(_clock));
            builder.Services.AddSignalR();
            builder.Services.AddSingleton(_seen);
        },
        expectedError: "",
        options: static options => options.CancelPolicy = "operators");

    public sealed class Seen
    {
        internal TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource<Exception?> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal async Task HoldAsync()
        {
            Arrived.TrySetResult();
            await Released.Task;
        }
    }

    public sealed class StockHub(Seen seen) : Hub
    {
        public Task Plain(string secret) => secret.Length > 0 ? seen.HoldAsync() : Task.CompletedTask;

        public async Task Wait(Context ctx)
        {
            using var registration = ctx.Done.UnsafeRegister(_ => seen.Ended.TrySetResult(ctx.Cause), null);
            await seen.HoldAsync();
        }

        public async IAsyncEnumerable<int> Count(Context ctx)
        {
            yield return 1;
            await seen.HoldAsync();
            ctx.ThrowIfDone();
            yield return 2;
        }

        public async Task Call(Context ctx)
        {
            using var http = new HttpClient(new BatonHandler(new Held(seen)));
            using var budget = ctx.WithTimeout(TimeSpan.FromSeconds(30));
            (await http.GetAsync(budget, "http://stock.example/secret")).Dispose();
        }
    }

    private sealed class Held(Seen seen) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await seen.HoldAsync();
            return new HttpResponseMessage();
        }
    }
}
