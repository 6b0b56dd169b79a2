using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Baton.AspNetCore;

/// <summary>What an endpoint, or the server's default, says about the contexts of its requests.</summary>
internal sealed class RequestPlan(BatonServer server, Endpoint? endpoint)
{
    /// <summary>The timestamp of the last warning about the endpoint; zero for never.</summary>
    private long _warnedAt;

    internal BatonServer Server => server;

    /// <summary>The endpoint; null for the plan of requests that have none.</summary>
    internal Endpoint? Endpoint => endpoint;

    /// <summary>The pattern of the endpoint's route; null if it has none.</summary>
    internal string? Route { get; init; }

    /// <summary>Whether the endpoint is to be measured: false where it says <c>DisableHttpMetrics()</c>.</summary>
    internal bool IsMeasured { get; init; }

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

    /// <summary>
    /// Whether a warning about the endpoint may be logged now. There is one in a minute: of several threads
    /// that ask, the first may log it.
    /// </summary>
    internal bool MayWarn(TimeProvider clock)
    {
        var now = clock.GetTimestamp();
        var last = Volatile.Read(ref _warnedAt);
        return (last == 0 || clock.GetElapsedTime(last, now) >= TimeSpan.FromMinutes(1))
            && Interlocked.CompareExchange(ref _warnedAt, now, last) == last;
    }

    /// <summary>What is wrong with the endpoint's metadata: each of its requests fails with it.</summary>
    internal string? Fault { get; init; }
}
