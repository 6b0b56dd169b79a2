namespace Baton.Orleans.Tests;

public sealed class SiloTests
{
    private readonly string _name = Guid.NewGuid().ToString();

    [Fact]
    public async Task A_call_with_too_little_time_is_refused_and_a_stopping_silo_ends_its_calls_with_that_cause()
    {
        await using var cluster = Cluster.Create(
            static options => options.MinRemaining = TimeSpan.FromMinutes(1), silos: 1);
        await cluster.DeployAsync();
        var grain = cluster.Client.GetGrain<IWork>(_name);
        using var shortly = Context.Background.WithTimeout(TimeSpan.FromSeconds(50));
        var refused = await Assert.ThrowsAsync<DeadlineExceededException>(
            () => grain.UntilDoneAsync(shortly, _name + "refused"));
        Assert.IsType<InsufficientTimeException>(refused.InnerException);

        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMinutes(10));
        var call = grain.UntilDoneAsync(ctx, _name);
        await WaitFor.Completion(Reports.Started(_name).Task);
        await cluster.StopSiloAsync(cluster.Silos[0]);

        var end = await WaitFor.Result(Reports.Ended(_name).Task);
        Assert.IsType<SiloShutdownException>(end.InnerException);
        Assert.False(Reports.Started(_name + "refused").Task.IsCompleted);

        // Whether the response still reached the client is Orleans' affair; the call must not stay open.
        ctx.Cancel();
        await Assert.ThrowsAnyAsync<Exception>(() => call);
    }
}
