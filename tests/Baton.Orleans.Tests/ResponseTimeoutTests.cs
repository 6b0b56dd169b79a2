namespace Baton.Orleans.Tests;

/// <summary>Orleans' own limit of a call, with a context and without.</summary>
public sealed class ResponseTimeoutTests(Cluster cluster)
{
    private readonly string _name = Guid.NewGuid().ToString();

    private IWork Grain() => cluster.Client.GetGrain<IWork>(_name);

    [Fact]
    public async Task Orleans_response_timeout_is_the_deadline_of_a_context_without_one()
    {
        var e = await Assert.ThrowsAsync<DeadlineExceededException>(
            () => Grain().UntilDoneAsync(Context.Background, _name));

        Assert.IsType<TimeoutException>(e.InnerException);
        Assert.IsType<DeadlineExceededException>(await WaitFor.Result(Reports.Ended(_name).Task));
    }

    [Fact]
    public async Task Orleans_response_timeout_ends_a_call_without_a_context_as_before()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Grain().SlowAsync(_name));

        Reports.Released(_name).SetResult();
    }

    [Fact]
    public async Task Orleans_response_timeout_does_not_end_a_call_whose_deadline_is_later()
    {
        using var ctx = Context.Background.WithTimeout(Cluster.ResponseTimeout + TimeSpan.FromSeconds(2));

        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => Grain().UntilDoneAsync(ctx, _name));

        Assert.Null(e.InnerException);
    }
}
