using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests.Observing;

/// <summary>What the activity of a request says of its context.</summary>
[Collection(nameof(Alone))]
public sealed class TraceTests
{
    public static TheoryData<string, string?, string?> All => Ends.All;

    [Theory]
    [MemberData(nameof(All))]
    public Task The_activity_says_what_ended_the_request_and_when(string end, string? cause, string? source) =>
        Ends.RunAsync(end, static _ => new Stopped(), async watched =>
        {
            var activity = await ((Stopped)watched).FirstAsync();

            Assert.Equal(
                (cause, source), (activity.GetTagItem("baton.cause"), activity.GetTagItem("baton.timeout.source")));
            Assert.Equal(cause is not null, activity.GetTagItem("baton.overrun") is double);
            Assert.Equal(
                cause is null ? [] : [("baton.context.done", cause)],
                activity.Events.Where(static one => one.Name.StartsWith("baton", StringComparison.Ordinal))
                    .Select(static one => (one.Name, (string?)one.Tags.Single().Value)));
            if (cause is "client_disconnected" or "aborted" or null)
            {
                Assert.NotEqual("deadline exceeded", activity.StatusDescription);
            }

            if (cause == "timeout")
            {
                Assert.Equal(ActivityStatusCode.Error, activity.Status);
            }
        });

    [Fact]
    public async Task It_says_how_much_time_the_request_had_and_the_event_is_at_the_instant_of_the_end()
    {
        var clock = new FakeTimeProvider();
        await using var server = await Server.StartAsync(
            clock,
            app => app.MapGet("/", () =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                clock.Advance(TimeSpan.FromSeconds(4));
            }),
            static options => options.Timeout = TimeSpan.FromSeconds(10));
        var start = clock.GetUtcNow();
        using var stopped = new Stopped();

        using var response = await server.Client.GetAsync("/");
        var activity = await stopped.FirstAsync();

        Assert.Equal(10.0, activity.GetTagItem("baton.remaining"));
        Assert.Equal(4.0, activity.GetTagItem("baton.overrun"));
        Assert.Equal(start.AddSeconds(10), activity.Events.Single().Timestamp);
    }

    /// <summary>The activities of requests that have stopped, whole as an exporter gets them.</summary>
    private sealed class Stopped : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _all = [];
        private readonly ActivityListener _listener;

        internal Stopped()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == "Microsoft.AspNetCore",
                Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _all.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        internal async Task<Activity> FirstAsync()
        {
            await WaitFor.True(() => !_all.IsEmpty);
            return Assert.Single(_all);
        }

        public void Dispose() => _listener.Dispose();
    }
}
