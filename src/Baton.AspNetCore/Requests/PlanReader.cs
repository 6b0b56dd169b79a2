using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.SignalR;
using NoTimeout = System.Threading.Timeout;

namespace Baton.AspNetCore;

/// <summary>Makes an endpoint's plan from its metadata, by ASP.NET Core's own rules for timeouts.</summary>
internal static class PlanReader
{
    internal static RequestPlan Read(BatonServer server, Endpoint? endpoint, RequestTimeoutOptions timeouts)
    {
        var parameters = endpoint is null ? [] : Parameters(endpoint).ToArray();
        var (timeout, policy, fault) = Timeout(server.Options, endpoint, timeouts);
        var takesContext = parameters.Contains(typeof(Context));
        var isHub = endpoint?.Metadata.GetMetadata<HubMetadata>() is not null;
        return new RequestPlan(server, endpoint)
        {
            TakesContext = takesContext || isHub || parameters.Contains(typeof(CancellationToken)),
            TakesContextFromServices = takesContext,
            IsHub = isHub,
            Timeout = timeout,
            Policy = policy,
            IsTimeoutOfFramework = policy is not null
                || timeout is { SetBy: not RequestTimeoutSource.Server },
            Answers = endpoint?.Metadata.GetOrderedMetadata<CancellationAnswerMetadata>() ?? [],
            Fault = fault,
        };
    }

    private static IEnumerable<Type> Parameters(Endpoint endpoint)
    {
        var bound = endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Select(static parameter => parameter.ParameterInfo.ParameterType);
        return endpoint.Metadata.GetMetadata<ActionDescriptor>() switch
        {
            CompiledPageActionDescriptor page => bound.Concat(
                from method in page.HandlerMethods
                from parameter in method.Parameters
                select parameter.ParameterType),
            { } action => bound.Concat(from parameter in action.Parameters select parameter.ParameterType),
            null => bound,
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
