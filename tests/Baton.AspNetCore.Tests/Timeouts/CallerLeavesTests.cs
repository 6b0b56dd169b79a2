using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// A caller with a deadline leaves when it passes, and its clock and ours do not fall due in the same
/// instant.
/// </summary>
public sealed class CallerLeavesTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public Task In_the_last_moment_it_leaves_because_of_its_deadline() => LeaveAsync(
        TimeSpan.FromMilliseconds(10),
        ctx =>
        {
            Assert.Null(ctx.Cause);
            _clock.Advance(TimeSpan.FromMilliseconds(10));

            Assert.IsType<DeadlineExceededException>(ctx.Err);
            Assert.Equal(
                RequestTimeoutSource.Caller, Assert.IsType<RequestTimeoutException>(ctx.Cause).TimeoutSource);
        });

    [Fact]
    public Task Before_that_it_just_leaves() => LeaveAsync(
        TimeSpan.FromMilliseconds(11), static ctx => Assert.IsType<ClientDisconnectedException>(ctx.Cause));

    [Fact]
    public Task The_last_moment_of_a_timeout_of_ours_is_no_reason_to_leave() => LeaveAsync(
        TimeSpan.FromMilliseconds(10),
        static ctx => Assert.IsType<ClientDisconnectedException>(ctx.Cause),
        header: "");

    /// <summary>
    /// Looks at the context of a request of one second whose client leaves with so much of it left.
    /// </summary>
    private async Task LeaveAsync(TimeSpan left, Action<Context> look, string header = "grpc-timeout: 1S\r\n")
    {
        var given = new TaskCompletionSource<Context>();
        var noticed = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.Use((http, next) =>
                {
                    // Callbacks run in the order opposite to registration: after that of UseBaton().
                    http.RequestAborted.Register(noticed.SetResult);
                    return next(http);
                });
                app.UseBaton();
                app.MapGet("/", async (Context ctx) =>
                {
                    given.SetResult(ctx);
                    await release.Task;
                });
            },
            builder => builder.Services.AddBaton(options =>
            {
                options.BaseContext = Context.Root(_clock);
                options.Timeout = TimeSpan.FromSeconds(1);
            }));
        var client = await server.SendAsync($"GET / HTTP/1.1\r\nHost: localhost\r\n{header}\r\n");
        var ctx = await WaitFor.Result(given.Task);

        _clock.Advance(TimeSpan.FromSeconds(1) - left);
        client.Dispose();
        await WaitFor.Completion(noticed.Task);
        look(ctx);
        release.SetResult();
    }
}
