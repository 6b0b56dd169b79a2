using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.SignalR;
using NoTimeout = System.Threading.Timeout;

namespace Baton.AspNetCore;

/// <summary>Makes an endpoint's plan from its metadata, by ASP.NET Core's own rules for timeouts.</summary>
internal static class PlanReader
{
    internal static RequestPlan Read(BatonServer server, Endpoint? endpoint, RequestTimeoutOptions timeouts)
    {
        var (timeout, policy, fault) = Timeout(server.Options, endpoint, timeouts);
        return new RequestPlan(server, endpoint)
        {
            Route = endpoint?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route,
            IsMeasured = endpoint?.Metadata.GetMetadata<IDisableHttpMetricsMetadata>() is null,
            IsHub = endpoint?.Metadata.GetMetadata<HubMetadata>() is not null,
            Timeout = timeout,
            Policy = policy,
            IsTimeoutOfFramework = policy is not null
                || timeout is { TimeoutSource: not RequestTimeoutSource.Server },
            Responses = endpoint?.Metadata.GetOrderedMetadata<CancellationResponseMetadata>() ?? [],
            Fault = fault,
        };
    }

    /// <summary>The endpoint's own timeout, else the server's; none if the endpoint says so.</summary>
    private static (RequestTimeoutException? Timeout, RequestTimeoutPolicy? Policy, string? Fault) Timeout(
        BatonOptions options, Endpoint? endpoint, RequestTimeoutOptions timeouts)
    {
        if (endpoint?.Metadata.GetMetadata<DisableRequestTimeoutAttribute>() is not null)
        {
            return default;
        }

        if (endpoint?.Metadata.GetMetadata<RequestTimeoutPolicy>() is { } own)
        {
            return Of(RequestTimeoutSource.Endpoint, own.Timeout, own);
        }

        if (endpoint?.Metadata.GetMetadata<RequestTimeoutAttribute>() is not { } attribute)
        {
            return options.Timeout != NoTimeout.InfiniteTimeSpan
                ? Of(RequestTimeoutSource.Server, options.Timeout, policy: null)
                : Of(RequestTimeoutSource.Server, timeouts.DefaultPolicy?.Timeout, timeouts.DefaultPolicy);
        }

        if (attribute.PolicyName is not { } name)
        {
            return Of(RequestTimeoutSource.Endpoint, attribute.Timeout, policy: null);
        }

        return timeouts.Policies.TryGetValue(name, out var named)
            ? Of(RequestTimeoutSource.Policy, named.Timeout, named, name)
            : (null, null,
                $"The timeout policy '{name}' of endpoint '{endpoint.DisplayName}' does not exist. Add it by "
                    + "builder.Services.AddRequestTimeouts(options => options.AddPolicy(…)).");
    }

    private static (RequestTimeoutException? Timeout, RequestTimeoutPolicy? Policy, string? Fault) Of(
        RequestTimeoutSource source, TimeSpan? timeout, RequestTimeoutPolicy? policy, string? name = null) =>
        timeout is { } time && time != NoTimeout.InfiniteTimeSpan
            ? (new RequestTimeoutException(source, time, name), policy, null)
            : default;
}
