namespace Baton.Orleans.Tests;

/// <summary>What a grain call has of its caller's context, and what ends it.</summary>
public sealed class GrainCallTests(Cluster cluster)
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(10);
    private readonly string _name = Guid.NewGuid().ToString();

    private IWork Grain(string suffix = "") => cluster.Client.GetGrain<IWork>(_name + suffix);

    [Fact]
    public async Task A_context_parameter_has_the_deadline_and_only_the_registered_values()
    {
        using var ctx = Context.Background
            .WithValue(Cluster.Tenant, "acme").WithValue(Cluster.Secret, "hidden").WithTimeout(s_long);

        Assert.Equal("in time acme ", await Grain().DescribeAsync(ctx));
    }

    [Fact]
    public async Task The_context_of_a_token_parameter_has_the_deadline_and_only_the_registered_values()
    {
        using var ctx = Context.Background
            .WithValue(Cluster.Tenant, "acme").WithValue(Cluster.Secret, "hidden").WithTimeout(s_long);

        Assert.Equal("in time acme ", await Grain().DescribeTokenAsync(ctx));
    }

    [Fact]
    public async Task A_token_call_leaves_nothing_behind_for_the_next_call()
    {
        using var ctx = Context.Background.WithValue(Cluster.Tenant, "acme").WithTimeout(s_long);
        await Grain().DescribeTokenAsync(ctx);

        Assert.Equal("in time  ", await Grain().DescribeTokenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Values_and_deadline_travel_on_through_a_second_grain()
    {
        using var ctx = Context.Background.WithValue(Cluster.Tenant, "acme").WithTimeout(s_long);

        Assert.Equal("in time acme ", await Grain().PassOnTokenAsync(ctx, _name + "next"));
    }

    [Fact]
    public async Task A_cancellation_reaches_the_grain_with_its_cause()
    {
        using var ctx = Context.Background.WithTimeout(s_long);
        var call = Grain().UntilDoneAsync(ctx, _name);
        await WaitFor.Completion(Reports.Started(_name).Task);

        ctx.Cancel(new InvalidOperationException("the user left"));

        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => call);
        Assert.IsType<InvalidOperationException>(e.InnerException);
        var end = await WaitFor.Result(Reports.Ended(_name).Task);
        Assert.IsType<GrainCallCanceledException>(end.InnerException);
    }

    [Fact]
    public async Task A_cancellation_reaches_the_grain_of_a_token_method()
    {
        using var ctx = Context.Background.WithTimeout(s_long);
        var call = Grain().UntilTokenAsync(_name, ctx);
        await WaitFor.Completion(Reports.Started(_name).Task);

        ctx.Cancel();

        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => call);
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.NotNull(e.TransportException);
        var end = await WaitFor.Result(Reports.Ended(_name).Task);
        Assert.IsType<GrainCallCanceledException>(end.InnerException);
    }

    [Fact]
    public async Task A_cancellation_travels_through_a_grain_to_the_next()
    {
        using var ctx = Context.Background.WithTimeout(s_long);
        var call = Grain().PassOnAsync(ctx, _name + "next", _name);
        await WaitFor.Completion(Reports.Started(_name).Task);

        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => call);
        var end = await WaitFor.Result(Reports.Ended(_name).Task);
        Assert.IsType<GrainCallCanceledException>(end.InnerException);
    }

    [Fact]
    public async Task A_queued_call_whose_caller_is_gone_is_not_started()
    {
        using var first = Context.Background.WithTimeout(s_long);
        var running = Grain().UntilReleasedAsync(first, _name);
        await WaitFor.Completion(Reports.Started(_name).Task);
        using var ctx = Context.Background.WithTimeout(s_long);
        var queued = Grain().UntilDoneAsync(ctx, _name + "queued");
        using var late = Context.Background.WithTimeout(TimeSpan.FromMilliseconds(100));
        var expired = Grain().UntilDoneAsync(late, _name + "expired");

        ctx.Cancel();
        await Assert.ThrowsAsync<ContextCanceledException>(() => queued);
        await Assert.ThrowsAsync<DeadlineExceededException>(() => expired);

        // Sent to the same grain after them: the cancellation and the deadline have come to pass there too.
        using var later = Context.Background.WithTimeout(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<DeadlineExceededException>(
            () => Grain().InterleaveUntilDoneAsync(later, _name + "later"));
        await WaitFor.Result(Reports.Ended(_name + "later").Task);
        Reports.Released(_name).SetResult();
        await running;

        // The grain takes its calls in order: when this one is done, the others have had their turn.
        await Grain().DescribeAsync(Context.Background);
        Assert.False(Reports.Started(_name + "queued").Task.IsCompleted);
        Assert.False(Reports.Started(_name + "expired").Task.IsCompleted);
    }

    [Fact]
    public async Task A_failure_of_the_grain_is_the_callers_unchanged()
    {
        using var ctx = Context.Background.WithTimeout(s_long);

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Grain().FailAsync(ctx));

        Assert.Equal("no stock", e.Message);
    }

    [Fact]
    public async Task A_call_with_a_context_that_is_done_is_not_made()
    {
        var ctx = Context.Background.WithCancel();
        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => Grain().UntilDoneAsync(ctx, _name));

        await Grain().DescribeAsync(Context.Background);
        Assert.False(Reports.Started(_name).Task.IsCompleted);
    }

    [Fact]
    public async Task A_grain_that_the_silo_forces_out_ends_its_calls_with_that_cause()
    {
        using var ctx = Context.Background.WithTimeout(s_long);
        var call = Grain().UntilDoneAsync(ctx, _name);
        await WaitFor.Completion(Reports.Started(_name).Task);

        await Grain().ForceOutAsync();

        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => call);
        Assert.Contains(_name, Assert.IsType<GrainDeactivatedException>(e.InnerException).Grain);
        Assert.IsType<GrainCallEndedException>(e.TransportException);
        var end = await WaitFor.Result(Reports.Ended(_name).Task);
        Assert.IsType<GrainDeactivatedException>(end.InnerException);
    }

    [Fact]
    public async Task A_grain_that_deactivates_on_idle_finishes_its_calls_first()
    {
        using var ctx = Context.Background.WithTimeout(s_long);
        var call = Grain().UntilReleasedAsync(ctx, _name);
        await WaitFor.Completion(Reports.Started(_name).Task);

        await Grain().AskToLeaveAsync();
        Reports.Released(_name).SetResult();

        await WaitFor.Completion(call);
        await call;
    }

    [Fact]
    public async Task A_grain_that_deactivates_on_idle_does_not_hear_of_a_cancellation()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(6));
        var call = Grain().UntilDoneAsync(ctx, _name);
        await WaitFor.Completion(Reports.Started(_name).Task);

        await Grain().AskToLeaveAsync();
        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => call);
        Assert.IsType<DeadlineExceededException>(await WaitFor.Result(Reports.Ended(_name).Task));
    }

    [Fact]
    public async Task A_one_way_call_has_the_deadline_but_is_not_canceled()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(6));
        await Grain().OneWayAsync(ctx, _name);
        ctx.Cancel();

        Assert.IsType<DeadlineExceededException>(await WaitFor.Result(Reports.Ended(_name).Task));
    }

    [Fact]
    public async Task An_enumeration_has_the_deadline_and_the_values()
    {
        using var ctx = Context.Background.WithValue(Cluster.Tenant, "acme").WithTimeout(TimeSpan.FromSeconds(6));
        await using var items = Grain().StreamAsync(ctx).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.True(await items.MoveNextAsync());
        Assert.Equal("in time acme ", items.Current);

        Assert.IsType<DeadlineExceededException>(await WaitFor.Result(Reports.Ended(_name).Task));
    }

    [Fact]
    public async Task An_observer_has_the_deadline_and_the_values()
    {
        var watcher = new Watcher();
        var reference = cluster.Client.CreateObjectReference<IWatcher>(watcher);
        using var ctx = Context.Background.WithValue(Cluster.Tenant, "acme").WithTimeout(s_long);

        Assert.Equal("True acme", await Grain().NotifyAsync(reference, ctx));
        GC.KeepAlive(watcher);
    }

    [Fact]
    public async Task A_grain_timer_has_no_deadline_and_no_values() =>
        Assert.Equal("no deadline  ", await Grain().TimerAsync());

    private sealed class Watcher : IWatcher
    {
        public Task<string> OnChangedAsync(Context ctx) =>
            Task.FromResult($"{ctx.Deadline is not null} {ctx.Value(Cluster.Tenant)}");
    }
}
