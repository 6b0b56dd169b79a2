namespace Baton.AspNetCore;

/// <summary>Who set the timeout of a request.</summary>
public enum RequestTimeoutSource
{
    /// <summary>
    /// The server's default: <see cref="BatonOptions.Timeout"/>, or ASP.NET Core's default policy.
    /// </summary>
    Server,

    /// <summary>The endpoint itself, by <c>[RequestTimeout]</c> or <c>WithRequestTimeout</c>.</summary>
    Endpoint,

    /// <summary>A policy of <c>AddRequestTimeouts</c> that the endpoint names.</summary>
    Policy,

    /// <summary>The caller, by a request header.</summary>
    Caller,
}
