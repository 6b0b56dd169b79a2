namespace Baton.Orleans.Tests;

/// <summary>A deadline ends a grain call on both sides.</summary>
public sealed class DeadlineTests(Cluster cluster)
{
    private readonly string _name = Guid.NewGuid().ToString();

    private IWork Grain() => cluster.Client.GetGrain<IWork>(_name);

    [Fact]
    public async Task A_deadline_ends_the_caller_and_the_grain()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(6));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => Grain().UntilDoneAsync(ctx, _name));

        Assert.IsType<DeadlineExceededException>(await WaitFor.Result(Reports.Ended(_name).Task));
    }

    [Fact]
    public async Task A_deadline_ends_the_caller_and_the_grain_of_a_token_method()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(6));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => Grain().UntilTokenAsync(_name, ctx));

        Assert.IsType<DeadlineExceededException>(await WaitFor.Result(Reports.Ended(_name).Task));
    }

    [Fact]
    public async Task A_deadline_ends_the_caller_although_the_grain_does_not_look_at_its_context()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(6));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => Grain().UntilReleasedAsync(ctx, _name));

        Reports.Released(_name).SetResult();
    }
}
