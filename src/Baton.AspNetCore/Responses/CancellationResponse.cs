using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>The response to a canceled request whose handler has not written one.</summary>
/// <remarks>
/// Given to <see cref="BatonOptions.ConfigureResponse"/> and <c>WithCancellationResponse</c>, to be changed
/// there. For one thread, and for as long as the call lasts.
/// </remarks>
public sealed class CancellationResponse
{
    internal CancellationResponse(Exception cause, int statusCode)
    {
        Cause = cause;
        StatusCode = statusCode;
    }

    /// <summary>Why the request was canceled: the <see cref="Context.Cause"/> of its context.</summary>
    public Exception Cause { get; }

    /// <summary>
    /// The status of the response, 100 to 999: 504 for a deadline, 503 for a stopping server and for any other
    /// cause. With 204, 205 and 304 there is no body.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 100 or more than 999.</exception>
    public int StatusCode
    {
        get;
        set => field = value is >= 100 and <= 999
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, "CancellationResponse.StatusCode is a status of HTTP, from 100 to 999.");
    }

    /// <summary>
    /// How long the client is to wait before it tries again; null for no <c>Retry-After</c>. The header
    /// counts whole seconds: rounded up.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? RetryAfter
    {
        get;
        set => field = value is null || value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value,
                "CancellationResponse.RetryAfter is zero or more. For no Retry-After, set it to null.");
    }

    /// <summary>
    /// Writes the rest of the response. Null, the default: problem details if the application has them, else a
    /// line of text.
    /// </summary>
    /// <remarks>
    /// It runs after the request's context is done, so it writes without it. It starts from an empty body.
    /// </remarks>
    public RequestDelegate? Write { get; set; }
}
