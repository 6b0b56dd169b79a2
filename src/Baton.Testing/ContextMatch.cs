namespace Baton.Testing;

/// <summary>
/// Whether a double was given the context of the test, for the matchers of mocking libraries:
/// <c>It.Is&lt;Context&gt;(c =&gt; c.DescendsFrom(ctx))</c> of Moq,
/// <c>Arg.Is&lt;Context&gt;(c =&gt; c.DescendsFrom(ctx))</c> of NSubstitute.
/// </summary>
public static class ContextMatch
{
    /// <summary>
    /// Whether a context is another one or was derived from it, so that it ends at the latest with it. What
    /// <c>WithoutCancel()</c> gives does not descend from what it was called on.
    /// </summary>
    /// <param name="ctx">The context that the double was given. Null, as a mock's set-up gives: false.</param>
    /// <param name="ancestor">The expected one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ancestor"/> is null.</exception>
    public static bool DescendsFrom(this Context? ctx, Context ancestor)
    {
        ArgumentNullException.ThrowIfNull(ancestor);
        return ctx is not null && CoreInternals.DescendsFrom(ctx, ancestor);
    }

    /// <summary>
    /// Whether a token is that of a context or of one derived from it. A token that was only linked to it, by
    /// <c>CancellationTokenSource.CreateLinkedTokenSource</c>, is another one: false.
    /// </summary>
    /// <param name="token">The token that the double was given.</param>
    /// <param name="ancestor">The expected context.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ancestor"/> is null.</exception>
    public static bool DescendsFrom(this CancellationToken token, Context ancestor)
    {
        ArgumentNullException.ThrowIfNull(ancestor);
        return token.CanBeCanceled && token == ancestor.Done
            || Context.TryFromToken(token, out var ctx) && CoreInternals.DescendsFrom(ctx, ancestor);
    }
}
