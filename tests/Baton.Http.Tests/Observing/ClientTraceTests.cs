using System.Collections.ObjectModel;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Baton.Http.Tests.Observing;

/// <summary>
/// What arrives at an exporter of OpenTelemetry, with its instrumentation of HttpClient beside ours: the activity that
/// .NET makes for the request.
/// </summary>
[Collection(nameof(Tracing))]
public sealed class ClientTraceTests : IDisposable
{
    private readonly Exported _exported = [];

    [Theory]
    [InlineData("canceled", "1.1")]
    [InlineData("timeout", "1.1")]
    [InlineData("canceled", "2.0")]
    [InlineData("timeout", "2.0")]
    public async Task The_activity_says_what_ended_the_request_when_and_how_long_it_went_on(string cause, string version)
    {
        await using var peer = await Peer.StartAsync(version);
        using var tracing = Listen();
        using var client = peer.Client();
        using var parent = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        using var ctx = cause == "timeout" ? parent.WithTimeout(TimeSpan.FromMilliseconds(300)) : parent.WithCancel();
        var start = TimeProvider.System.GetUtcNow();

        var calling = client.GetAsync(ctx, "/silent");
        if (cause == "canceled")
        {
            await WaitFor.Completion(peer.Arrived);
            ctx.Cancel(new InvalidOperationException("text of a user"));
        }

        await Assert.ThrowsAnyAsync<ContextException>(() => WaitFor.Result(calling));
        var activity = await _exported.OfAsync(peer.Address);

        Assert.Equal(cause, activity.GetTagItem("baton.cause"));
        Assert.Null(activity.GetTagItem("baton.timeout.source"));
        Assert.InRange(
            (double)activity.GetTagItem("baton.remaining")!, 0, cause == "timeout" ? 0.3 : 3600);
        Assert.InRange((double)activity.GetTagItem("baton.overrun")!, 0, 3600);
        var done = Assert.Single(activity.Events, static moment => moment.Name == "baton.context.done");
        Assert.Equal([new("baton.cause", cause)], done.Tags);
        Assert.True(done.Timestamp >= start);
    }

    [Fact]
    public async Task The_source_of_a_requests_timeout_goes_along()
    {
        await using var peer = await Peer.StartAsync("1.1");
        using var tracing = Listen();
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", (Context ctx, IHttpClientFactory clients) =>
                    clients.CreateClient().GetStringAsync(ctx, new Uri(peer.Address, "/silent")))
                .WithRequestTimeout(TimeSpan.FromMilliseconds(200)),
            static builder => builder.Services.AddHttpClient("").AddBatonHandler());

        using var response = await WaitFor.Result(server.Client.GetAsync("/"));
        var activity = await _exported.OfAsync(peer.Address);

        Assert.Equal(
            ("timeout", "endpoint"),
            (activity.GetTagItem("baton.cause"), activity.GetTagItem("baton.timeout.source")));
    }

    [Fact]
    public async Task A_request_that_completes_has_the_time_that_it_was_given_and_nothing_else()
    {
        await using var server = await Server.StartBareAsync(static app => app.MapGet("/", static () => "whole"));
        using var tracing = Listen();
        using var client = new HttpClient(new BatonHandler(new SocketsHttpHandler()));
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));

        using (await WaitFor.Result(client.GetAsync(ctx, server.Client.BaseAddress)))
        using (await WaitFor.Result(client.GetAsync(server.Client.BaseAddress)))
        {
            ctx.Cancel();
        }

        await WaitFor.True(() => _exported.Of(server.Client.BaseAddress!).Length == 2);
        var activities = _exported.Of(server.Client.BaseAddress!);

        Assert.InRange((double)activities[0].GetTagItem("baton.remaining")!, 1, 3600);
        Assert.Equal(["baton.remaining"], BatonsOf(activities[0]));
        Assert.Empty(BatonsOf(activities[1]));
        Assert.All(activities, static one => Assert.DoesNotContain(one.Events, static moment =>
            moment.Name.StartsWith("baton", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_call_that_blocks_its_thread_has_the_same()
    {
        await using var peer = await Peer.StartAsync("1.1");
        using var tracing = Listen();
        using var client = peer.Client();
        using var ctx = Context.Background.WithCancel();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/silent");
        request.SetContext(ctx);

        var calling = Task.Factory.StartNew(
            () => client.Send(request), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await WaitFor.Completion(peer.Arrived);
        ctx.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Result(calling));

        Assert.Equal("canceled", (await _exported.OfAsync(peer.Address)).GetTagItem("baton.cause"));
    }

    [Fact]
    public async Task Nothing_listens_once_nobody_records()
    {
        using (Listen())
        {
            Assert.True(HttpActivities.AreRecorded);
        }

        Assert.False(HttpActivities.AreRecorded);
        using var source = new ActivitySource("System.Net.Http");
        Assert.False(source.HasListeners());
        await using var server = await Server.StartBareAsync(static app => app.MapGet("/", static () => "whole"));
        using var client = new HttpClient(new BatonHandler(new SocketsHttpHandler()));
        using var ctx = Context.Background.WithCancel();
        using var response = await client.GetAsync(ctx, server.Client.BaseAddress);
        Assert.Null(HttpActivities.Current);
    }

    private static string[] BatonsOf(Activity activity) => [.. activity.TagObjects.Select(static tag => tag.Key)
        .Where(static key => key.StartsWith("baton", StringComparison.Ordinal))];

    /// <summary>Baton stops to listen when it looks after the others have left. Other tests compare headers.</summary>
    public void Dispose() => _ = HttpActivities.AreRecorded;

    private TracerProvider Listen() => Sdk.CreateTracerProviderBuilder()
        .AddHttpClientInstrumentation().AddInMemoryExporter(_exported).Build();

    /// <summary>The activities that were exported, also by requests of other tests that run meanwhile.</summary>
    private sealed class Exported : Collection<Activity>
    {
        private readonly Lock _gate = new();

        internal Activity[] Of(Uri address)
        {
            lock (_gate)
            {
                return [.. this.Where(one => address.Port.Equals(one.GetTagItem("server.port")))];
            }
        }

        internal async Task<Activity> OfAsync(Uri address)
        {
            await WaitFor.True(() => Of(address).Length > 0);
            return Assert.Single(Of(address));
        }

        protected override void InsertItem(int index, Activity item)
        {
            lock (_gate)
            {
                base.InsertItem(Count, item);
            }
        }
    }
}
