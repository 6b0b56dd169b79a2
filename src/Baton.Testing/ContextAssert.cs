namespace Baton.Testing;

/// <summary>
/// What a test can require of a context. Each failure says what the context is, and what was expected of it. For
/// every test framework: a failure is a <see cref="ContextAssertionException"/>.
/// </summary>
public static class ContextAssert
{
    /// <summary>The context is live.</summary>
    /// <param name="ctx">The context.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    /// <exception cref="ContextAssertionException">It has ended. The message has the cause.</exception>
    public static void Live(Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        if (ctx.IsDone)
        {
            throw new ContextAssertionException($"Expected a live context, but {Ended(ctx)}");
        }
    }

    /// <summary>The context has ended.</summary>
    /// <param name="ctx">The context.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    /// <exception cref="ContextAssertionException">It is live. The message has the time that remains.</exception>
    public static void Done(Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        if (!ctx.IsDone)
        {
            throw new ContextAssertionException($"Expected a context that is done, but {StillLive(ctx)}");
        }
    }

    /// <summary>The context has ended, with a cause of a type.</summary>
    /// <typeparam name="TCause">
    /// The type of the cause, or a base of it: the exception that was given to <c>Cancel</c>,
    /// <see cref="DeadlineExceededException"/> for a deadline that was given none, and
    /// <see cref="ContextCanceledException"/> for a cancellation that was given none.
    /// </typeparam>
    /// <param name="ctx">The context.</param>
    /// <returns>The cause.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    /// <exception cref="ContextAssertionException">It is live, or has another cause.</exception>
    public static TCause EndedBy<TCause>(Context ctx)
        where TCause : Exception
    {
        ArgumentNullException.ThrowIfNull(ctx);
        var expected = $"Expected a context that was ended by {typeof(TCause).Name}, but";
        return !ctx.IsDone ? throw new ContextAssertionException($"{expected} {StillLive(ctx)}")
            : ctx.Cause as TCause ?? throw new ContextAssertionException($"{expected} {Ended(ctx)}", ctx.Cause);
    }

    /// <summary>Waits until the context has ended.</summary>
    /// <param name="ctx">The context.</param>
    /// <param name="limit">
    /// The longest time to wait, on the system's clock, which a fake clock of the context does not move: zero or
    /// more, or <see cref="Timeout.InfiniteTimeSpan"/>. It should be generous: it is only waited for where the test
    /// fails.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is less than zero.</exception>
    /// <exception cref="ContextAssertionException">It is live after that time.</exception>
    public static async Task EndsWithinAsync(Context ctx, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = ctx.AfterFunc(done.SetResult);
        if (!await Limit.IsKeptAsync(done.Task, limit).ConfigureAwait(false))
        {
            throw new ContextAssertionException($"Expected a context that ends within {limit}, but {StillLive(ctx)}");
        }
    }

    /// <summary>
    /// A context that a double was given is the expected one, or was derived from it: its end reaches the double.
    /// </summary>
    /// <param name="ctx">The context that the double was given.</param>
    /// <param name="ancestor">The expected one.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ContextAssertionException">It is another one.</exception>
    public static void DescendsFrom(Context ctx, Context ancestor)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(ancestor);
        if (!ctx.DescendsFrom(ancestor))
        {
            throw new ContextAssertionException(
                $"Expected {ancestor}, or a context derived from it without WithoutCancel(), but was given {ctx}, which "
                + "does not end with it.");
        }
    }

    private static string Ended(Context ctx) =>
        $"{ctx} has ended: {ctx.Err!.Message}, by {ctx.Cause!.GetType().Name}: {ctx.Cause.Message}";

    private static string StillLive(Context ctx) => ctx.Deadline is null
        ? $"{ctx} is live, and has no deadline."
        : $"{ctx} is live, and {ctx.Remaining} of its time remains.";
}
