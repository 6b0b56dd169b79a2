using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.AspNetCore;

/// <summary>Tells the services of one scope which context the scope belongs to.</summary>
/// <remarks>
/// A scope knows nothing of what it was made for. So the request tells it when the scope is made, and <c>
/// CreateAsyncScope(ctx)</c> does for work outside of requests.
/// </remarks>
[ContextCarrier]
internal sealed class ScopeContext(IServiceProvider services)
{
    private RequestContext? _request;
    private HubCall? _call;
    private Context? _given;

    /// <summary>Whether this is the scope of singletons, which belongs to no request.</summary>
    internal bool IsRoot { get; set; }

    /// <summary>The context of the scope, for a service that takes one.</summary>
    /// <remarks>
    /// A container disposes along with its scope whatever it has handed out. That must not end a context that
    /// others use, so one that could be disposed is handed out as a view.
    /// </remarks>
    internal Context Context => Find() switch
    {
        CancelableContext { IsKept: false } owned => new ScopeView(owned),
        var ctx => ctx,
    };

    internal void Belong(RequestContext request) => _request = request;

    internal void Belong(HubCall call) => _call = call;

    internal void Belong(Context given) => _given = given;

    /// <summary>The request is over, and its scope is about to be disposed.</summary>
    internal void Leave() => _request = null;

    private Context Find()
    {
        if (IsRoot)
        {
            throw new InvalidOperationException(
                ForSingleton(services.GetRequiredService<SingletonCheck>().WhoTakesOne()));
        }

        if (_given is null && _request is null && HubFlow.Connection is not null)
        {
            // SignalR makes this scope for a call that is about to run.
            _call ??= services.GetRequiredService<HubCall>();
        }

        // Do not take the context of the request that runs now: a scope that outlives the request, as that of a
        // handler of IHttpClientFactory or of a worker does, would keep one user's context for all others.
        return _given ?? _request?.LookThroughFeatures() ?? _call?.Context
            ?? throw new InvalidOperationException(
                "This scope of services belongs to no request and was made for no context, so it has no Context "
                + "to give to a service. Make it with scopes.CreateAsyncScope(ctx), where scopes is the "
                + "IServiceScopeFactory; within a request ctx is HttpContext.RequestContext. A service whose scope "
                + "the framework makes, such as a handler of IHttpClientFactory or a health check, takes the context "
                + "from the call instead: IContextAccessor.Current, or a parameter.");
    }

    internal static string ForSingleton(string who) =>
        $"{who} cannot take a Context in its constructor: it would keep the context of one request for all "
        + "others. Register it as scoped or transient, or take the Context as a parameter of its methods. A "
        + "background service makes a scope for its work: scopes.CreateAsyncScope(ctx).";

    /// <summary>A context that a container cannot dispose.</summary>
    [JsonConverter(typeof(ContextJsonConverter))]
    private sealed class ScopeView(Context parent) : Context(parent)
    {
        public override CancellationToken Done => Parent!.Done;

        internal override CancelableContext? Owner => Parent!.Owner;

        internal override void AppendTo(StringBuilder text)
        {
        }
    }
}
