using Microsoft.Extensions.Time.Testing;

namespace Baton.Grpc.Tests;

/// <summary>
/// Calls under a context whose clock is not the system's, by which gRPC goes: the two disagree about when the
/// deadline passes.
/// </summary>
public sealed class OtherClockTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new();

    /// <summary>With this little left, gRPC's word is otherwise taken for the context's.</summary>
    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task A_clock_that_stands_still_does_not_keep_a_slow_call_for_ever(string kind)
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = static call => call.RequestContext.Delay(s_hour);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(8));

        var failure = await Assert.ThrowsAsync<RpcException>(() =>
            WaitFor.Completion(AllKinds.CallAsync(server.Client, kind, ctx.ToCallOptions())));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.False(ctx.IsDone);
    }

    [Fact]
    public async Task Nor_a_call_that_blocks_its_thread()
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = static call => call.RequestContext.Delay(s_hour);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(8));

        var calling = Task.Run(() => server.Client.Unary(new Note(), ctx.ToCallOptions()));

        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(calling));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task A_deadline_that_passes_on_that_clock_ends_the_call(string kind)
    {
        var started = new TaskCompletionSource();
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = call =>
        {
            started.SetResult();
            return call.RequestContext.Delay(s_hour);
        };
        using var ctx = Context.Root(_clock).WithTimeout(s_hour);

        var calling = AllKinds.CallAsync(server.Client, kind, ctx.ToCallOptions());
        await WaitFor.Completion(started.Task);
        _clock.Advance(s_hour);

        var failure = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(calling));
        Assert.Equal(s_hour, failure.Timeout);
    }
}
