namespace Baton.Tests.Go;

/// <summary>What a context shows, in all of its views at once.</summary>
internal static class ContextAssert
{
    internal static void Live(Context ctx)
    {
        Assert.False(ctx.IsDone);
        Assert.False(ctx.Done.IsCancellationRequested);
        Assert.Null(ctx.Err);
        Assert.Null(ctx.Cause);
        ctx.ThrowIfDone();
    }

    internal static void Canceled(Context ctx, Exception? cause = null) =>
        Ended<ContextCanceledException>(ctx, cause, "context canceled");

    internal static void Exceeded(Context ctx, Exception? cause = null) =>
        Ended<DeadlineExceededException>(ctx, cause, "context deadline exceeded");

    private static void Ended<TError>(Context ctx, Exception? cause, string message)
        where TError : OperationCanceledException
    {
        Assert.True(ctx.IsDone);
        Assert.True(ctx.Done.IsCancellationRequested);
        Assert.IsType<TError>(ctx.Err);
        Assert.Equal(message, ctx.Err.Message);
        Assert.Same(ctx.Err, ctx.Err);
        Assert.Same(cause ?? ctx.Err, ctx.Cause);

        var thrown = Assert.Throws<TError>(ctx.ThrowIfDone);
        Assert.NotSame(ctx.Err, thrown);
        Assert.Same(cause, thrown.InnerException);
        Assert.Equal(ctx.Done, thrown.CancellationToken);
    }
}
