using System.Text.Json;
using Baton.Http;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Dashboard.Tests;

/// <summary>What the page says of requests, as JSON.</summary>
public sealed class SnapshotTests
{
    private static readonly ContextKey<string> s_tenant = new("tenant <b>");

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_request_in_flight_has_its_route_age_and_deadline()
    {
        await using var server = await StartAsync(app =>
            app.MapGet("/orders/{id}", (Context ctx) => _isOver.Task).WithRequestTimeout(TimeSpan.FromSeconds(10)));
        await server.RequestsAsync();
        using var client = await server.AskAsync("/orders/7");
        await RunningAsync(server, 1);
        _clock.Advance(TimeSpan.FromSeconds(3));

        var row = (await server.RequestsAsync()).Single();

        Assert.Equal(("GET", "/orders/{id}"), (Text(row, "method"), Text(row, "route")));
        Assert.Equal(3000, row.GetProperty("ageMs").GetDouble());
        var deadline = row.GetProperty("deadline");
        Assert.Equal(
            (10_000, 7000, "endpoint"),
            (deadline.GetProperty("totalMs").GetDouble(), deadline.GetProperty("remainingMs").GetDouble(), Text(deadline, "source")));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("end").ValueKind);
        Assert.DoesNotContain("/orders/7", (await server.ReadAsync()).GetRawText(), StringComparison.Ordinal);
        _isOver.SetResult();
    }

    [Fact]
    public async Task A_handler_that_goes_on_after_its_deadline_says_for_how_long()
    {
        await using var server = await StartAsync(app =>
            app.MapGet("/deaf", (Context ctx) => _isOver.Task).WithRequestTimeout(TimeSpan.FromSeconds(2)));
        await server.RequestsAsync();
        using var client = await server.AskAsync("/deaf");
        await RunningAsync(server, 1);
        _clock.Advance(TimeSpan.FromSeconds(5));

        var all = await server.ReadAsync();

        Assert.Equal(1, all.GetProperty("live").GetProperty("doneButRunning").GetInt32());
        var end = all.Rows().Single().GetProperty("end");
        Assert.Equal(("timeout", "endpoint", "RequestTimeoutException"), (Text(end, "cause"), Text(end, "source"), Text(end, "type")));
        Assert.Equal(3000, end.GetProperty("overrunMs").GetDouble());
        _isOver.SetResult();
    }

    [Fact]
    public async Task A_client_that_leaves_is_seen_while_the_handler_goes_on()
    {
        await using var server = await StartAsync(app => app.MapGet("/deaf", (Context ctx) => _isOver.Task));
        await server.RequestsAsync();
        var client = await server.AskAsync("/deaf");
        await RunningAsync(server, 1);

        client.Dispose();

        var row = await WaitForRowAsync(server, static row => row.GetProperty("end").ValueKind != JsonValueKind.Null);
        Assert.Equal("client_disconnected", Text(row.GetProperty("end"), "cause"));
        _isOver.SetResult();
    }

    [Fact]
    public async Task What_has_ended_is_counted_by_its_second_and_endpoint()
    {
        await using var server = await StartAsync(app =>
        {
            app.MapGet("/quick", () => "done");
            app.MapGet("/slow", (Context ctx) => _isOver.Task).WithRequestTimeout(TimeSpan.FromSeconds(2));
        });
        await server.RequestsAsync();
        await server.Client.GetStringAsync("/quick");
        using var client = await server.AskAsync("/slow");
        await RunningAsync(server, 1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        _isOver.SetResult();
        await RunningAsync(server, 0);

        var all = await server.ReadAsync();

        var seconds = all.GetProperty("history").GetProperty("seconds").EnumerateArray().ToArray();
        Assert.Equal([1, 0, 0, 0, 0, 0], Numbers(seconds[0].GetProperty("ended")));
        Assert.Equal([0, 0, 1, 0, 0, 0], Numbers(seconds[1].GetProperty("ended")));
        Assert.Equal(3000, seconds[1].GetProperty("overrunMs").GetDouble());
        Assert.Equal(0, seconds[1].GetProperty("remaining").GetDouble());
        var slow = all.GetProperty("endpoints").EnumerateArray().Single(static one => Text(one, "route") == "/slow");
        Assert.Equal([0, 0, 1, 0, 0, 0], Numbers(slow.GetProperty("ended")));
        Assert.Equal((3000, 0.6), (slow.GetProperty("longestOverrunMs").GetDouble(), slow.GetProperty("wasted").GetDouble()));
        Assert.InRange(slow.GetProperty("p95Ms").GetDouble(), 5000, 6250);
    }

    [Fact]
    public async Task A_request_that_began_before_the_page_was_opened_is_found_if_it_has_looked()
    {
        var isRunning = new TaskCompletionSource();
        await using var server = await StartAsync(app => app.MapGet("/long", (Context ctx) =>
        {
            isRunning.SetResult();
            return _isOver.Task;
        }).WithRequestTimeout(TimeSpan.FromSeconds(60)));
        using var client = await server.AskAsync("/long");
        await WaitFor.Completion(isRunning.Task);
        _clock.Advance(TimeSpan.FromSeconds(4));

        var row = (await server.RequestsAsync()).Single();

        Assert.Equal(("GET", "/long", 4000, false),
            (Text(row, "method"), Text(row, "route"), row.GetProperty("ageMs").GetDouble(), row.GetProperty("isOlder").GetBoolean()));
        _isOver.SetResult();
        await RunningAsync(server, 0);
    }

    [Fact]
    public async Task An_opened_request_shows_derived_contexts_and_the_names_of_keys_and_never_values()
    {
        await using var server = await StartAsync(app => app.MapGet("/tree", async (Context ctx) =>
        {
            using var child = ctx.WithValue(s_tenant, "secret").WithTimeout(TimeSpan.FromSeconds(30));
            using var grandchild = child.WithCancel();
            await _isOver.Task;
        }));
        await server.RequestsAsync();
        using var client = await server.AskAsync("/tree");
        await RunningAsync(server, 1);
        _clock.Advance(Snapshots.Fresh);

        var id = Text((await server.RequestsAsync()).Single(), "id");
        var one = await server.UntilAsync(
            static one => one.GetProperty("contexts").GetProperty("children") is var children
                && children.GetArrayLength() == 1 && children[0].GetProperty("children").GetArrayLength() == 1,
            $"requests/{id}");

        var child = one.GetProperty("contexts").GetProperty("children")[0];
        Assert.Equal("WithTimeout", Text(child, "kind"));
        Assert.Equal("tenant <b>", child.GetProperty("keys")[0].GetString());
        Assert.Equal(30_000, child.GetProperty("deadline").GetProperty("totalMs").GetDouble());
        Assert.DoesNotContain("secret", one.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", one.GetRawText(), StringComparison.Ordinal);
        _isOver.SetResult();
    }

    [Fact]
    public async Task A_tree_of_many_contexts_is_cut_and_the_rest_counted()
    {
        await using var server = await StartAsync(app => app.MapGet("/wide", async (Context ctx) =>
        {
            var children = Enumerable.Range(0, 500).Select(_ => ctx.WithCancel()).ToArray();
            await _isOver.Task;
            Array.ForEach(children, static child => child.Dispose());
        }));
        await server.RequestsAsync();
        using var client = await server.AskAsync("/wide");
        await RunningAsync(server, 1);
        _clock.Advance(Snapshots.Fresh);
        var id = Text((await server.RequestsAsync()).Single(), "id");

        await server.UntilAsync(
            static one => one.GetProperty("contexts") is var root
                && root.GetProperty("children").GetArrayLength() + root.GetProperty("more").GetInt32() == 500
                && root.GetProperty("children").GetArrayLength() == ContextInside.MaxNodes - 1,
            $"requests/{id}");
        _isOver.SetResult();
    }

    [Fact]
    public async Task A_call_that_a_request_waits_for_shows_whom_it_calls_and_what_time_it_was_given()
    {
        var called = new TaskCompletionSource<string>();
        var arrived = new TaskCompletionSource();
        await using var server = await StartAsync(app =>
        {
            app.MapGet("/callee/{secret}", () =>
            {
                arrived.SetResult();
                return _isOver.Task;
            });
            app.MapGet("/caller", async (Context ctx) =>
            {
                using var client = new HttpClient(new BatonHandler(new SocketsHttpHandler()));
                using var budget = ctx.WithTimeout(TimeSpan.FromSeconds(9));
                await client.GetAsync(budget, $"{await called.Task}callee/secret");
            });
        });
        called.SetResult(server.Client.BaseAddress!.ToString());
        await server.RequestsAsync();
        using var client = await server.AskAsync("/caller");
        await WaitFor.Completion(arrived.Task);
        _clock.Advance(Snapshots.Fresh);

        var row = (await server.RequestsAsync()).Single(static row => Text(row, "route") == "/caller");

        var call = row.GetProperty("calls")[0];
        Assert.Equal(
            ("http", $"http://127.0.0.1:{server.Client.BaseAddress.Port}", "GET"),
            (Text(call, "kind"), Text(call, "target"), Text(call, "operation")));
        Assert.Equal(
            (250, 9000), (call.GetProperty("ageMs").GetDouble(), call.GetProperty("givenMs").GetDouble()));
        Assert.DoesNotContain("callee/secret", (await server.ReadAsync()).GetRawText(), StringComparison.Ordinal);
        _isOver.SetResult();
        await RunningAsync(server, 0);
    }

    [Fact]
    public async Task Five_hundred_requests_are_listed_and_the_rest_is_counted()
    {
        await using var server = await StartAsync(app => app.MapGet("/wait", (Context ctx) => _isOver.Task));
        await server.RequestsAsync();
        var clients = new List<IDisposable>();
        for (var i = 0; i < Snapshots.MaxRows + 20; i++)
        {
            clients.Add(await server.AskAsync("/wait"));
        }

        await RunningAsync(server, Snapshots.MaxRows + 20);
        _clock.Advance(Snapshots.Fresh);

        var live = (await server.ReadAsync()).GetProperty("live");
        Assert.Equal((Snapshots.MaxRows, 20), (live.GetProperty("requests").GetArrayLength(), live.GetProperty("notListed").GetInt32()));
        _isOver.SetResult();
        clients.ForEach(static client => client.Dispose());
        await RunningAsync(server, 0);
    }

    [Fact]
    public async Task Nothing_is_watched_before_somebody_looks_nor_five_minutes_after()
    {
        await using var server = await StartAsync(static app => app.MapGet("/", () => "done"));
        var watch = BatonDashboardEndpointRouteBuilderExtensions.WatchOf(server.Services);
        var core = server.Services.GetRequiredService<BatonServer>();
        Assert.Null(core.Watcher);
        Assert.False(watch.IsWatching);

        await server.RequestsAsync();
        Assert.NotNull(core.Watcher);
        _clock.Advance(Watch.Kept - TimeSpan.FromSeconds(1));
        Assert.True(watch.IsWatching);
        await server.RequestsAsync();
        _clock.Advance(Watch.Kept - TimeSpan.FromSeconds(1));
        Assert.True(watch.IsWatching);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(watch.IsWatching);
        Assert.Null(core.Watcher);
    }

    [Fact]
    public async Task A_step_of_the_wall_clock_moves_no_second()
    {
        var wall = new WallClock(_clock);
        await using var server = await Site.StartAsync(wall, static app => app.MapGet("/", () => "done"));
        await server.RequestsAsync();
        _clock.Advance(TimeSpan.FromSeconds(7));
        wall.Step = TimeSpan.FromDays(-3);
        await server.Client.GetStringAsync("/");
        wall.Step = TimeSpan.FromDays(3);
        _clock.Advance(TimeSpan.FromSeconds(1));

        var history = (await server.ReadAsync()).GetProperty("history");

        Assert.Equal(8, history.GetProperty("now").GetInt64());
        Assert.Equal(7, history.GetProperty("seconds").EnumerateArray().Single().GetProperty("second").GetInt64());
    }

    private Task<Server> StartAsync(Action<WebApplication> map) => Site.StartAsync(_clock, map);

    /// <summary>Waits until so many are in flight. A list that was read before is kept until the clock has gone on.</summary>
    private static Task RunningAsync(Server server, int count)
    {
        var watch = BatonDashboardEndpointRouteBuilderExtensions.WatchOf(server.Services);
        return WaitFor.True(() => watch.Look().Count() == count);
    }

    private async Task<JsonElement> WaitForRowAsync(Server server, Func<JsonElement, bool> condition)
    {
        var all = await server.UntilAsync(
            all => all.Rows().Any(condition), between: () => _clock.Advance(Snapshots.Fresh));
        return all.Rows().First(condition);
    }

    private static string Text(JsonElement one, string name) => one.GetProperty(name).GetString()!;

    private static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(static one => one.GetInt32())];
}
