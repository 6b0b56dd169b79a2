using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Baton.AspNetCore;

/// <summary>What an endpoint, or the server's default, says about the contexts of its requests.</summary>
/// <remarks>
/// Also the mark of a request that may ask for its context, and has not. One for all, so that it costs
/// nothing.
/// </remarks>
internal sealed class RequestPlan(BatonServer server, Endpoint? endpoint)
{
    internal BatonServer Server => server;

    /// <summary>The endpoint; null for the plan of requests that have none.</summary>
    internal Endpoint? Endpoint => endpoint;

    /// <summary>
    /// Whether the handler takes a context, or a token that is to be the context's: then it starts before it.
    /// </summary>
    internal bool TakesContext { get; init; }

    /// <summary>Whether the handler takes a context from the services of its request.</summary>
    internal bool TakesContextFromServices { get; init; }

    /// <summary>Whether the endpoint is a hub of SignalR.</summary>
    internal bool IsHub { get; init; }

    /// <summary>The cause of a timeout that the server sets, with the time; null if there is none.</summary>
    internal RequestTimeoutException? Timeout { get; init; }

    /// <summary>ASP.NET Core's policy that the timeout comes from, if it comes from one.</summary>
    internal RequestTimeoutPolicy? Policy { get; init; }

    /// <summary>Whether the timeout was set by ASP.NET Core's own means.</summary>
    internal bool IsTimeoutOfFramework { get; init; }

    /// <summary>Changes to the answer of a canceled request, by the endpoint.</summary>
    internal IReadOnlyList<CancellationAnswerMetadata> Answers { get; init; } = [];

    /// <summary>What is wrong with the endpoint's metadata: each of its requests fails with it.</summary>
    internal string? Fault { get; init; }

    /// <summary>
    /// Whether a request was seen to ask only between two waits, where the middleware that has started it
    /// cannot see it. From then on the middleware looks when the handler has ended.
    /// </summary>
    /// <remarks>A hint that orders nothing.</remarks>
    internal bool AsksLate { get; set; }
}
