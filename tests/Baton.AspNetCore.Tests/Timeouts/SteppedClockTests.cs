using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>The wall clock is set to another time while a request runs.</summary>
public sealed class SteppedClockTests
{
    [Theory]
    [InlineData(-48)]
    [InlineData(48)]
    public async Task The_log_says_how_long_a_request_continued_after_its_deadline_all_the_same(int hours)
    {
        var time = new FakeTimeProvider();
        var clock = new WallClock(time);
        var started = new TaskCompletionSource<Context>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isNoticed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Server.StartAsync(
            clock,
            app => app.MapGet("/", async (Context ctx) =>
            {
                started.SetResult(ctx);
                await isNoticed.Task;
                ctx.ThrowIfDone();
            }),
            static options => options.Timeout = TimeSpan.FromSeconds(2));

        var running = server.Client.GetAsync("/");
        var ctx = await WaitFor.Result(started.Task);
        _ = ctx.Deadline;
        clock.Step = TimeSpan.FromHours(hours);
        time.Advance(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(3));
        isNoticed.SetResult();
        using var response = await WaitFor.Result(running);

        Assert.Equal(
            "Information: GET / passed its deadline of 00:00:02, set by the server, and returned "
            + "00:00:03 after it. ",
            Assert.Single(server.Logs));
    }
}
