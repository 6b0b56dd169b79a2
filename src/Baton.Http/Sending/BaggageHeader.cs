using System.Diagnostics;

namespace Baton.Http;

/// <summary>The header that tracing writes too. Each side's members cross, and none of them twice.</summary>
internal static class BaggageHeader
{
    internal const string Name = "baggage";

    private static readonly HttpRequestOptionsKey<string> s_members = new("Baton.Baggage");

    /// <summary>Writes our members beside what is there already, or what the activity would write.</summary>
    /// <returns>What the caller had written itself; null if that is nothing.</returns>
    internal static string? Write(HttpRequestMessage request, string members)
    {
        request.Options.Set(s_members, members);
        var callers = Current(request);
        Set(request, ContextPropagation.JoinBaggage(members, callers));
        return callers;
    }

    /// <summary>Leaves what the caller had written.</summary>
    internal static void Restore(HttpRequestMessage request, string? callers)
    {
        ((IDictionary<string, object?>)request.Options).Remove(s_members.Key);
        request.Headers.Remove(Name);
        if (callers is not null)
        {
            request.Headers.TryAddWithoutValidation(Name, callers);
        }
    }

    /// <summary>
    /// Lets our members come through where tracing replaces the header, which it does within the handler that
    /// sends the request: OpenTelemetry's instrumentation, if its own baggage has members.
    /// </summary>
    /// <remarks>
    /// Only a <see cref="SocketsHttpHandler"/> that has not been used lets anybody see to that.
    /// </remarks>
    internal static void Protect(HttpMessageHandler handler)
    {
        while (handler is DelegatingHandler { InnerHandler: { } inner })
        {
            handler = inner;
        }

        if (handler
            is SocketsHttpHandler { ActivityHeadersPropagator: { } propagator and not Protector } sockets)
        {
            try
            {
                sockets.ActivityHeadersPropagator = new Protector(propagator);
            }
            catch (InvalidOperationException)
            {
                // It has been used. What is lost is only what OpenTelemetry would replace.
            }
        }
    }

    private static string? Current(HttpRequestMessage request) =>
        request.Headers.TryGetValues(Name, out var values) ? string.Join(',', values) : null;

    private static void Set(HttpRequestMessage request, string value)
    {
        request.Headers.Remove(Name);
        request.Headers.TryAddWithoutValidation(Name, value);
    }

    private sealed class Protector(DistributedContextPropagator inner) : DistributedContextPropagator
    {
        public override IReadOnlyCollection<string> Fields => inner.Fields;

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
        {
            inner.Inject(activity, carrier, setter);
            if (carrier is HttpRequestMessage request
                && request.Options.TryGetValue(s_members, out var members))
            {
                Set(request, ContextPropagation.JoinBaggage(members, Current(request) ?? ""));
            }
        }

        public override void ExtractTraceIdAndState(
            object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(
            object? carrier, PropagatorGetterCallback? getter) => inner.ExtractBaggage(carrier, getter);
    }
}
