namespace Baton.Tests;

public sealed class ForeignCancelTests
{
    [Fact]
    public void Canceling_a_done_context_over_a_token_through_a_cast_does_the_same_with_and_without_a_cause()
    {
        var ctx = (CancelableContext)Context.FromToken(new CancellationToken(true));
        Assert.True(ctx.IsDone);

        var plain = Record.Exception(ctx.Cancel);
        var withCause = Record.Exception(() => ctx.Cancel(new TimeoutException()));

        Assert.Equal(plain?.GetType(), withCause?.GetType());
    }
}
