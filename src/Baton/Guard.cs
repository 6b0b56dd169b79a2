using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>Checks of arguments that several members share.</summary>
internal static class Guard
{
    internal static void Delay(TimeSpan delay, [CallerArgumentExpression(nameof(delay))] string? name = null)
    {
        if (delay < TimeSpan.Zero && delay != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                name, delay,
                "A delay is zero or more. To wait without limit, give Timeout.InfiniteTimeSpan.");
        }
    }

    internal static void Needed(TimeSpan needed, [CallerArgumentExpression(nameof(needed))] string? name = null)
    {
        if (needed < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                name, needed, "The time that a call needs is zero or more. If it needs none, give TimeSpan.Zero.");
        }
    }

    internal static void Limit(int? limit, [CallerArgumentExpression(nameof(limit))] string? name = null)
    {
        if (limit < 1)
        {
            throw new ArgumentOutOfRangeException(
                name, limit, "A limit is one or more. For no limit, leave it out.");
        }
    }

    /// <summary>
    /// The error for a context that is null and goes where a token goes. It names mocks, whose matchers are null.
    /// </summary>
    internal static ArgumentNullException NullForToken() => new(
        "ctx",
        "A context that is null has no token. For work that nothing ends, give Context.Background. In the set-up of a "
        + "mock, match the token that the method takes: Arg.Any<CancellationToken>(), It.IsAny<CancellationToken>().");
}
