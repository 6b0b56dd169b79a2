namespace Baton.AspNetCore;

/// <summary>The times that a request has: the server's or the endpoint's, and the caller's.</summary>
internal readonly record struct RequestDeadline(RequestTimeoutException? Timeout, TimeSpan? Caller)
{
    internal static RequestDeadline None => default;

    internal bool IsNone => Timeout is null && Caller is null;

    /// <summary>
    /// Derives a context that ends with the earlier of the two, for a request's to hang on.
    /// </summary>
    internal Context Bound(Context parent)
    {
        if (Caller is { } remaining)
        {
            parent = parent.WithTimeout(
                remaining, new RequestTimeoutException(RequestTimeoutSource.Caller, remaining));
            if (Timeout is null || remaining <= Timeout.Timeout)
            {
                return parent;
            }
        }

        // Above it, so that the caller's is left when the application takes this one back.
        return Timeout is { } timeout ? parent.WithLiftableTimeout(timeout.Timeout, timeout) : parent;
    }
}
