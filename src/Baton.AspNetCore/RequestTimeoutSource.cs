namespace Baton.AspNetCore;

/// <summary>Who set the timeout of a request.</summary>
public enum RequestTimeoutSource
{
    /// <summary>The server's default: <see cref="BatonOptions.Timeout"/>, or ASP.NET Core's default policy.</summary>
    Server,

    /// <summary>The endpoint, by an attribute or <c>WithRequestTimeout</c> with a time.</summary>
    Endpoint,

    /// <summary>A policy that the endpoint names, or carries.</summary>
    Policy,

    /// <summary>The caller, by a request header.</summary>
    Caller,
}
