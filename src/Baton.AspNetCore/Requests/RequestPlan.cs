using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Baton.AspNetCore;

/// <summary>What an endpoint, or the server's default, says about the contexts of its requests.</summary>
internal sealed class RequestPlan(BatonServer server, Endpoint? endpoint)
{
    internal BatonServer Server => server;

    /// <summary>The endpoint; null for the plan of requests that have none.</summary>
    internal Endpoint? Endpoint => endpoint;

    /// <summary>Whether the endpoint is a hub of SignalR.</summary>
    internal bool IsHub { get; init; }

    /// <summary>The cause of a timeout that the server sets, with the time; null if there is none.</summary>
    internal RequestTimeoutException? Timeout { get; init; }

    /// <summary>ASP.NET Core's policy that the timeout comes from, if it comes from one.</summary>
    internal RequestTimeoutPolicy? Policy { get; init; }

    /// <summary>Whether the timeout was set by ASP.NET Core's own means.</summary>
    internal bool IsTimeoutOfFramework { get; init; }

    /// <summary>The endpoint's changes to the response of a canceled request.</summary>
    internal IReadOnlyList<CancellationResponseMetadata> Responses { get; init; } = [];

    /// <summary>What is wrong with the endpoint's metadata: each of its requests fails with it.</summary>
    internal string? Fault { get; init; }
}
