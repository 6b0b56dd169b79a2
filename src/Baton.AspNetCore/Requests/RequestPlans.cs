using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;

namespace Baton.AspNetCore;

/// <summary>Finds the plan of an endpoint. Makes it anew when the options of timeouts have changed.</summary>
internal sealed class RequestPlans : IDisposable
{
    private readonly IDisposable? _changes;
    private Plans _plans;

    internal RequestPlans(BatonServer server, IOptionsMonitor<RequestTimeoutOptions> timeouts)
    {
        _plans = new Plans(server, timeouts.CurrentValue);
        _changes = timeouts.OnChange(changed => Volatile.Write(ref _plans, new Plans(server, changed)));
    }

    internal RequestPlan Of(Endpoint? endpoint) => Volatile.Read(ref _plans).Of(endpoint);

    public void Dispose() => _changes?.Dispose();

    /// <summary>The plans made so far under one state of the options.</summary>
    private sealed class Plans(BatonServer server, RequestTimeoutOptions timeouts)
    {
        private readonly RequestPlan _default = PlanReader.Read(server, endpoint: null, timeouts);

        // By identity, and an endpoint that is replaced takes its plan along.
        private readonly ConditionalWeakTable<Endpoint, RequestPlan> _byEndpoint = [];

        /// <summary>
        /// The plans that were last used, by a part of the endpoint's hash. A look here takes half the time of
        /// one in the table.
        /// </summary>
        private readonly RequestPlan?[] _quick = new RequestPlan?[64];

        internal RequestPlan Of(Endpoint? endpoint)
        {
            if (endpoint is null)
            {
                return _default;
            }

            ref var quick = ref _quick[RuntimeHelpers.GetHashCode(endpoint) & (_quick.Length - 1)];
            return quick is { } plan && plan.Endpoint == endpoint ? plan : quick = Find(endpoint);
        }

        private RequestPlan Find(Endpoint endpoint) => _byEndpoint.TryGetValue(endpoint, out var plan)
            ? plan
            : _byEndpoint.GetValue(endpoint, known => PlanReader.Read(server, known, timeouts));
    }
}
