using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Dashboard.Tests;

/// <summary>The updates of an open page.</summary>
public sealed class StreamTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task An_open_page_gets_an_update_when_a_quarter_of_a_second_has_passed_and_not_before()
    {
        await using var server = await Site.StartAsync(_clock, static _ => { });
        using var page = await PageAsync(server);
        Assert.Equal(["requests", "seconds", "endpoints"], [await page.NextAsync(), await page.NextAsync(), await page.NextAsync()]);

        var next = page.NextAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(next.IsCompleted);
        await WaitFor.True(() =>
        {
            // The stream may not wait yet. Once it does, this is more than it waits for.
            _clock.Advance(TimeSpan.FromMilliseconds(250));
            return next.IsCompleted;
        });

        Assert.Equal("requests", await next);
        Assert.Equal("requests", JsonDocument.Parse(page.Data).RootElement.EnumerateObject().Last().Name);
    }

    /// <summary>What happens is sent a quarter of a second later at most, by the update that comes next.</summary>
    [Theory]
    [InlineData("a request comes", 1, null)]
    [InlineData("its client leaves", 1, "client_disconnected")]
    [InlineData("its deadline passes", 1, "timeout")]
    [InlineData("it ends", 0, null)]
    public async Task The_very_next_update_tells_of_what_has_happened(string what, int inFlight, string? cause)
    {
        var clock = new DueClock();
        using var hold = new Hold();
        await using var server = await Site.StartAsync(clock, app => app.MapGet("/deaf", hold.RunAsync)
            .WithRequestTimeout(what == "its deadline passes" ? (2 * Snapshots.Fresh) + s_moment : TimeSpan.FromHours(1)));
        using var page = await PageAsync(server);
        Assert.Equal(["requests", "seconds", "endpoints"], [await page.NextAsync(), await page.NextAsync(), await page.NextAsync()]);

        await HappenAsync(what, server, hold, page, clock);
        var live = await NextAsync(page, clock);

        Assert.Equal(inFlight, live.GetProperty("inFlight").GetInt32());
        Assert.Equal(
            cause,
            live.GetProperty("requests").EnumerateArray().Select(static row => row.GetProperty("end"))
                .Where(static end => end.ValueKind == JsonValueKind.Object)
                .Select(static end => end.GetProperty("cause").GetString()).SingleOrDefault());
        Assert.Equal(clock.GetUtcNow(), live.GetProperty("at").GetDateTimeOffset());
    }

    /// <summary>A user who has logged out, or may not see it any more, must not go on seeing it for as long as it is open.</summary>
    [Fact]
    public async Task An_open_page_is_asked_to_come_again_so_that_authorization_is_asked_for_anew()
    {
        var clock = new DueClock();
        await using var server = await Site.StartAsync(clock, static _ => { });
        using var page = await PageAsync(server);
        Assert.Equal(["requests", "seconds", "endpoints"], [await page.NextAsync(), await page.NextAsync(), await page.NextAsync()]);
        await clock.DueAsync(Snapshots.Fresh);
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.Equal("requests", await page.NextAsync());
        await clock.DueAsync(Snapshots.Fresh);
        clock.Advance(Snapshots.Fresh);

        Assert.Equal(["requests", "renew", null], [await page.NextAsync(), await page.NextAsync(), await page.NextAsync()]);
    }

    [Fact]
    public async Task What_is_sent_is_never_older_than_a_quarter_of_a_second()
    {
        using var hold = new Hold();
        await using var server = await Site.StartAsync(_clock, app => app.MapGet("/deaf", hold.RunAsync));
        var snapshots = BatonDashboardEndpointRouteBuilderExtensions.WatchOf(server.Services).Look();
        await hold.AskAsync(server);
        Assert.Equal(1, Live().GetProperty("inFlight").GetInt32());
        hold.Leave();
        await WaitFor.Completion(hold.Done);

        _clock.Advance(Snapshots.Fresh - TimeSpan.FromTicks(1));
        Assert.Equal(0, Live().GetProperty("doneButRunning").GetInt32());
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, Live().GetProperty("doneButRunning").GetInt32());

        JsonElement Live() => JsonDocument.Parse(snapshots.Requests()).RootElement;
    }

    [Fact]
    public async Task More_than_twenty_pages_are_refused_until_one_is_closed()
    {
        await using var server = await Site.StartAsync(_clock, static _ => { });
        var watch = BatonDashboardEndpointRouteBuilderExtensions.WatchOf(server.Services);
        var pages = new List<Page>();
        for (var i = 0; i < Watch.MaxReaders; i++)
        {
            pages.Add(await PageAsync(server));
        }

        using (var refused = await server.Client.GetAsync("/baton/events"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("20 pages are open", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        pages[0].Dispose();
        await WaitFor.True(() => watch.Readers == Watch.MaxReaders - 1);
        (await PageAsync(server)).Dispose();
        pages.ForEach(static page => page.Dispose());
        await WaitFor.True(() => watch.Readers == 0);
    }

    [Fact]
    public async Task A_page_that_reads_nothing_is_cut_and_nothing_is_kept_of_it()
    {
        await using var server = await Site.StartAsync(
            _clock,
            static _ => { },
            static builder =>
            {
                builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MinResponseDataRate = null);
                builder.Services.Configure<SocketTransportOptions>(static sockets => sockets.CreateBoundListenSocket = end =>
                {
                    var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(end);
                    socket.SendBufferSize = 4096;
                    return socket;
                });
            });
        BatonDashboardEndpointRouteBuilderExtensions.WatchOf(server.Services).LongestVisit = TimeSpan.MaxValue;
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await silent.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Client.BaseAddress!.Port));
        await silent.SendAsync("GET /baton/events HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());

        await CutAsync(server);
    }

    [Fact]
    public async Task Over_HTTP_2_it_is_cut_as_well()
    {
        await using var server = await Site.StartAsync(_clock, static _ => { }, Server.OverHttp2);
        BatonDashboardEndpointRouteBuilderExtensions.WatchOf(server.Services).LongestVisit = TimeSpan.MaxValue;
        using var silent = new HttpClient(new SocketsHttpHandler { InitialHttp2StreamWindowSize = 65_535 })
        {
            BaseAddress = server.Client.BaseAddress,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await silent.GetAsync("/baton/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (response.StatusCode, response.Version));

        await CutAsync(server);
    }

    [Fact]
    public async Task A_page_shows_what_holds_up_the_stop_and_does_not_hold_it_up_itself()
    {
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Site.StartAsync(
            app => app.MapGet("/work", (Context ctx) => isOver.Task),
            static builder =>
            {
                builder.Services.AddBaton(static options => options.ShutdownGrace = TimeSpan.FromSeconds(50));
                builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(
                    static host => host.ShutdownTimeout = TimeSpan.FromSeconds(120));
            });
        using var page = await PageAsync(server);
        var running = server.Client.GetAsync("/work");
        await page.UntilAsync(static live => live.GetProperty("inFlight").GetInt32() == 1);

        var stopping = server.StopAsync();

        var live = await page.UntilAsync(static live => live.GetProperty("stopping").ValueKind == JsonValueKind.Object);
        Assert.InRange(live.GetProperty("stopping").GetProperty("cutInMs").GetDouble(), 1, 50_000);
        Assert.Equal("/work", live.GetProperty("requests")[0].GetProperty("route").GetString());
        isOver.SetResult();
        (await WaitFor.Result(running)).Dispose();
        string? name;
        do
        {
            name = await page.NextAsync();
        }
        while (name is not null and not "stopped");

        Assert.Equal("stopped", name);
        Assert.Null(await page.NextAsync());
        await WaitFor.Completion(stopping);
    }

    private static async Task HappenAsync(string what, Server server, Hold hold, Page page, DueClock clock)
    {
        await hold.AskAsync(server);
        if (what == "a request comes")
        {
            return;
        }

        Assert.Equal(1, (await NextAsync(page, clock)).GetProperty("inFlight").GetInt32());
        switch (what)
        {
            case "its client leaves":
                hold.Leave();
                await WaitFor.Completion(hold.Done);
                break;
            case "its deadline passes":
                // Two updates after it came, and before the third.
                await NextAsync(page, clock);
                await clock.DueAsync(s_moment);
                clock.Advance(s_moment);
                await WaitFor.Completion(hold.Done);
                break;
            default:
                hold.Finish();
                var watch = BatonDashboardEndpointRouteBuilderExtensions.WatchOf(server.Services);
                await WaitFor.True(() => watch.Look().Count() == 0);
                break;
        }
    }

    /// <summary>The update that comes when its time has passed.</summary>
    private static async Task<JsonElement> NextAsync(Page page, DueClock clock)
    {
        await clock.DueAsync(Snapshots.Fresh);
        clock.Advance(Snapshots.Fresh);
        Assert.Equal("requests", await page.NextAsync());
        return JsonDocument.Parse(page.Data).RootElement;
    }

    /// <summary>Lets time pass until the page has been cut.</summary>
    private async Task CutAsync(Server server)
    {
        var watch = BatonDashboardEndpointRouteBuilderExtensions.WatchOf(server.Services);
        await WaitFor.True(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return server.Logs.Any(static entry => entry.Contains("took no update", StringComparison.Ordinal));
        });

        await WaitFor.True(() => watch.Readers == 0);
    }

    private static async Task<Page> PageAsync(Server server)
    {
        var response = await server.Client.GetAsync("/baton/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        return new Page(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>A request whose handler goes on whatever becomes of it.</summary>
    private sealed class Hold : IDisposable
    {
        private Socket? _client;
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the context of the request is done.</summary>
        internal Task Done => _done.Task;

        internal async Task RunAsync(Context ctx)
        {
            _arrived.SetResult();
            await Task.WhenAny(Select.Done(ctx).AsTask(), _isOver.Task);
            _done.TrySetResult();
            await _isOver.Task;
        }

        /// <summary>A client asks. When this returns, its request is in its handler.</summary>
        internal async Task AskAsync(Server server)
        {
            _client = await server.AskAsync("/deaf");
            await WaitFor.Completion(_arrived.Task);
        }

        /// <summary>The client leaves.</summary>
        internal void Leave() => _client?.Dispose();

        internal void Finish() => _isOver.TrySetResult();

        public void Dispose()
        {
            Finish();
            Leave();
        }
    }

    /// <summary>A page that is open.</summary>
    private sealed class Page(HttpResponseMessage response, StreamReader reader) : IDisposable
    {
        /// <summary>The JSON of the last event.</summary>
        internal string Data { get; private set; } = "";

        /// <summary>The name of the next event; null if the stream has ended.</summary>
        internal async Task<string?> NextAsync()
        {
            if (await WaitFor.Result(reader.ReadLineAsync()) is not { } name)
            {
                return null;
            }

            Data = (await WaitFor.Result(reader.ReadLineAsync()))!["data: ".Length..];
            Assert.Equal("", await WaitFor.Result(reader.ReadLineAsync()));
            return name["event: ".Length..];
        }

        internal async Task<JsonElement> UntilAsync(Func<JsonElement, bool> condition)
        {
            while (true)
            {
                if (await NextAsync() == "requests")
                {
                    using var json = JsonDocument.Parse(Data);
                    if (condition(json.RootElement))
                    {
                        return json.RootElement.Clone();
                    }
                }
            }
        }

        public void Dispose()
        {
            reader.Dispose();
            response.Dispose();
        }
    }
}
