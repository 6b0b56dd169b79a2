using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests.Observing;

/// <summary>What metrics say of the contexts of requests.</summary>
public sealed class MetricsTests
{
    public static TheoryData<string, string?, string?> All => Ends.All;

    [Theory]
    [MemberData(nameof(All))]
    public Task The_frameworks_own_duration_says_what_ended_the_request(string end, string? cause, string? source) =>
        Ends.RunAsync(end, static server => new Measured(server.Services), async watched =>
        {
            var duration = Assert.Single(
                await ((Measured)watched).WaitAsync("http.server.request.duration"));

            Assert.Equal((cause, source), (duration["baton.cause"], duration["baton.timeout.source"]));
            Assert.Equal("/a/{id}", duration["http.route"]);
        });

    [Theory]
    [MemberData(nameof(All))]
    public Task An_overrun_is_measured_for_each_request_that_was_ended(string end, string? cause, string? source) =>
        Ends.RunAsync(end, static server => new Measured(server.Services), async watched =>
        {
            var measured = (Measured)watched;
            await measured.WaitAsync("http.server.request.duration");

            var overruns = measured.Of("baton.server.request.overrun");
            Assert.Equal(cause is null ? 0 : 1, overruns.Length);
            Assert.All(overruns, overrun =>
            {
                Assert.Equal(("s", cause, "/a/{id}"), (overrun.Unit, overrun["baton.cause"], overrun["http.route"]));
                Assert.InRange(overrun.Value, 0, 60);
            });
            Assert.True(source is null || cause == "timeout");
        });

    [Fact]
    public async Task The_time_at_the_start_and_what_is_left_of_it_are_measured_by_whoever_set_it()
    {
        var clock = new FakeTimeProvider();
        await using var server = await Server.StartAsync(
            clock,
            app =>
            {
                app.MapGet("/own", () => clock.Advance(TimeSpan.FromSeconds(1)));
                app.MapGet("/none", () => clock.Advance(TimeSpan.FromSeconds(1))).DisableRequestTimeout();
            },
            static options => options.Timeout = TimeSpan.FromSeconds(10));
        using var measured = new Measured(server.Services);

        await server.Client.GetStringAsync("/own");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/own") { Headers = { { "grpc-timeout", "3S" } } };
        using var response = await server.Client.SendAsync(request);
        await server.Client.GetStringAsync("/none");

        Assert.Equal(
            [(10.0, "server"), (3.0, "caller")],
            measured.Of("baton.server.request.timeout").Select(static one => (one.Value, one["baton.timeout.source"])));
        Assert.Equal(
            [(9.0, "server"), (2.0, "caller")],
            measured.Of("baton.server.request.remaining").Select(static one => (one.Value, one["baton.timeout.source"])));
    }

    [Theory]
    [InlineData("deadline")]
    [InlineData("cancel")]
    public async Task The_overrun_is_how_long_the_handler_went_on_after_its_context_was_done(string end)
    {
        var clock = new FakeTimeProvider();
        using var root = Context.Root(clock).WithCancel();
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", (Context ctx) =>
            {
                if (end == "deadline")
                {
                    clock.Advance(TimeSpan.FromSeconds(10));
                }
                else
                {
                    root.Cancel();
                }

                Assert.True(ctx.IsDone);
                clock.Advance(TimeSpan.FromSeconds(4));
                return "late";
            }),
            builder => builder.Services.AddBaton(options =>
            {
                options.BaseContext = root;
                options.Timeout = TimeSpan.FromSeconds(10);
            }));
        using var measured = new Measured(server.Services);

        using var response = await server.Client.GetAsync("/");

        Assert.Equal(4.0, Assert.Single(await measured.WaitAsync("baton.server.request.overrun")).Value);
    }

    [Fact]
    public async Task There_is_no_overrun_where_the_handler_returned_before_the_time_of_the_end_was_noted()
    {
        using var clock = new ClockThatWaits();
        using var root = Context.Root(clock).WithCancel();
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", async (Context ctx) =>
            {
                clock.Advance(TimeSpan.FromHours(5));
                var ending = new Thread(root.Cancel);
                clock.Holds = ending;
                ending.Start();
                await WaitFor.True(() => clock.IsHeld);
                Assert.True(ctx.IsDone);
            }),
            builder => builder.Services.AddBaton(options => options.BaseContext = root));
        using var measured = new Measured(server.Services);

        using var response = await server.Client.GetAsync("/");
        var overrun = Assert.Single(await measured.WaitAsync("baton.server.request.overrun"));
        clock.Release();

        Assert.Equal(0.0, overrun.Value);
    }

    [Theory]
    [InlineData("0S", "no_time")]
    [InlineData("5m", "insufficient_time")]
    public async Task A_request_whose_handler_does_not_run_is_counted(string timeout, string reason)
    {
        await using var server = await Server.StartAsync(
            static app => app.MapGet("/a/{id}", () => "never"),
            static builder => builder.Services.AddBaton(static options => options.MinTimeout = TimeSpan.FromMilliseconds(50)));
        using var measured = new Measured(server.Services);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a/7") { Headers = { { "grpc-timeout", timeout } } };

        using var response = await server.Client.SendAsync(request);

        var refused = Assert.Single(measured.Of("baton.server.requests.refused"));
        Assert.Equal(("{request}", 1.0, reason, "/a/{id}"), (refused.Unit, refused.Value, refused["error.type"], refused["http.route"]));
        var duration = Assert.Single(await measured.WaitAsync("http.server.request.duration"));
        Assert.Equal(("timeout", "caller"), (duration["baton.cause"], duration["baton.timeout.source"]));
    }

    [Fact]
    public async Task Contexts_that_are_left_live_behind_a_request_are_counted()
    {
        await using var server = await Server.StartAsync(static app =>
        {
            app.MapGet("/leaves", static (Context ctx) =>
            {
                _ = ctx.WithCancel();
                _ = ctx.WithTimeout(TimeSpan.FromHours(1));
            });
            app.MapGet("/disposes", static (Context ctx) => ctx.WithCancel().Dispose());
        });
        using var measured = new Measured(server.Services);

        await server.Client.GetStringAsync("/disposes");
        await server.Client.GetStringAsync("/leaves");

        var left = Assert.Single(measured.Of("baton.server.contexts.left"));
        Assert.Equal(("{context}", 2.0, "/leaves"), (left.Unit, left.Value, left["http.route"]));
    }

    [Fact]
    public async Task An_endpoint_without_metrics_of_requests_is_measured_by_none()
    {
        await using var server = await Server.StartAsync(static app =>
        {
            app.MapGet("/unseen", Wait).DisableHttpMetrics().WithRequestTimeout(TimeSpan.FromMilliseconds(20));
            app.MapGet("/seen", Wait).WithRequestTimeout(TimeSpan.FromMilliseconds(20));
        });
        using var measured = new Measured(server.Services);

        using var unseen = await server.Client.GetAsync("/unseen");
        using var seen = await server.Client.GetAsync("/seen");

        Assert.Equal((504, 504), ((int)unseen.StatusCode, (int)seen.StatusCode));
        foreach (var instrument in (string[])
        [
            "http.server.request.duration", "baton.server.request.timeout", "baton.server.request.remaining",
            "baton.server.request.overrun",
        ])
        {
            Assert.Equal("/seen", Assert.Single(await measured.WaitAsync(instrument))["http.route"]);
        }

        static Task Wait(Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public async Task Two_applications_in_one_process_are_measured_apart()
    {
        await using var one = await Server.StartAsync(Map);
        await using var other = await Server.StartAsync(Map);
        using var measured = new Measured(one.Services);

        using var seen = await one.Client.GetAsync("/");
        using var unseen = await other.Client.GetAsync("/");

        Assert.Single(await measured.WaitAsync("baton.server.request.overrun"));

        static void Map(WebApplication app) => app
            .MapGet("/", static (Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan))
            .WithRequestTimeout(TimeSpan.FromMilliseconds(20));
    }

    /// <summary>Keeps a thread that asks what time it is, such as one that ends a context, until it is released.</summary>
    private sealed class ClockThatWaits : FakeTimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        internal Thread? Holds { get; set; }

        internal bool IsHeld { get; private set; }

        public override long GetTimestamp()
        {
            if (Thread.CurrentThread == Holds)
            {
                IsHeld = true;
                _released.Wait();
            }

            return base.GetTimestamp();
        }

        public void Dispose() => _released.Dispose();

        internal void Release() => _released.Set();
    }
}
