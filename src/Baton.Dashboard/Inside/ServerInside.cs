using Baton.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Dashboard;

/// <summary>What this package uses of the internals of Baton.AspNetCore.</summary>
/// <remarks>
/// Nothing public tells of all requests, because an application has no use for that and each hook would cost each
/// request something. Here the server's watcher is set while somebody looks (<see cref="BatonServer.Watcher"/>), the
/// requests that have begun before are found among the children of its context, and the state of one request is read
/// from its context, which may be read from any thread. An <see cref="HttpContext"/> is read only while its request
/// begins: the server uses it again for other requests. Calls of hubs are followed in the same way.
/// </remarks>
internal sealed class ServerInside(BatonServer server, HubCalls hubs)
{
    private const int MaxFound = 100_000;

    internal TimeProvider Clock => server.Context.TimeProvider;

    /// <summary>The context of the server, above those of all requests.</summary>
    internal Context Context => server.Context;

    /// <summary>Whether the application has been asked to stop.</summary>
    internal bool IsStopping => server.Stop.Begun.IsDone;

    /// <summary>Whether <c>UseBaton()</c> was called.</summary>
    internal bool HasRequests => server.Advice.IsUsed;

    /// <summary>In how much time the requests that hold up the stop are ended.</summary>
    internal TimeSpan CutIn
    {
        get
        {
            var left = Clock.GetElapsedTime(Clock.GetTimestamp(), server.Stop.CutAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    internal static ServerInside Of(IServiceProvider services) => new(
        services.GetService<BatonServer>() ?? throw new InvalidOperationException(
            "MapBatonDashboard() needs services that were not added. Call builder.Services.AddBaton() before "
            + "builder.Build()."),
        services.GetRequiredService<HubCalls>());

    /// <summary>Runs a check when the application's endpoints are complete. An exception keeps it from starting.</summary>
    internal void CheckAtStart(Action check) => server.StartChecks.Add(check);

    /// <summary>Has each request told that begins from now on, until <see cref="Unwatch"/>.</summary>
    /// <param name="begin">Takes a request. False: it is not to be watched.</param>
    /// <param name="make">Makes what follows a request.</param>
    internal void Watch(BeginRequest begin, Func<ServedContext, ServerRequest> make) =>
        server.Watcher = new Watcher(begin, make);

    /// <summary>Finds the requests that began before they were watched, as far as they have looked at their contexts.</summary>
    /// <param name="begin">Takes a request. False: it is not to be watched.</param>
    /// <param name="make">Makes what follows a request.</param>
    internal void Find(BeginRequest begin, Func<ServedContext, ServerRequest> make)
    {
        var found = new List<CancelableContext>();
        ((CancelableContext)server.Context).ReadChildren(found, MaxFound);
        for (var i = 0; i < found.Count; i++)
        {
            if (found[i] is RequestContext ctx)
            {
                Follow(ctx, begin, make);
            }
            else if (found[i].Due == found[i])
            {
                // A deadline that stands above one request.
                found[i].ReadChildren(found, limit: 10);
            }
        }

        foreach (var call in hubs.Running.Where(static call => call.Name is not null))
        {
            Follow(call.Look(), begin, make);
        }
    }

    private static void Follow(ServedContext ctx, BeginRequest begin, Func<ServedContext, ServerRequest> make)
    {
        var earlier = ctx.Watched;
        if (earlier is not ServerRequest { IsWatched: true } && make(ctx) is var found
            && begin(found, http: null, isFound: true)
            && !ctx.TryFollow(found, earlier))
        {
            found.Forget();
        }
    }

    internal void Unwatch() => server.Watcher = null;

    private sealed class Watcher(BeginRequest begin, Func<ServedContext, ServerRequest> make) : RequestWatcher
    {
        internal override WatchedRequest? Began(RequestContext ctx, HttpContext http) =>
            make(ctx) is var request && begin(request, http, isFound: false) ? request : null;

        internal override WatchedRequest? Began(HubCallContext ctx) =>
            make(ctx) is var call && begin(call, http: null, isFound: false) ? call : null;
    }
}

/// <summary>Takes a request, or a call of a hub, that begins or was found.</summary>
/// <param name="request">The request.</param>
/// <param name="http">What the server knows of it, while that may be read. Null if it was found, and for a call.</param>
/// <param name="isFound">Whether it had begun before it was watched.</param>
/// <returns>False: it is not to be watched.</returns>
internal delegate bool BeginRequest(ServerRequest request, HttpContext? http, bool isFound);

/// <summary>One request, or one call of a hub, as its context shows it. Safe to read from any thread.</summary>
[ContextCarrier]
internal abstract class ServerRequest(ServedContext ctx) : WatchedRequest
{
    /// <summary>The request, or call of a hub, that a context belongs to; null if it is none that is watched.</summary>
    internal static ServerRequest? Of(Context ctx)
    {
        for (var above = ctx; above is not null; above = ContextInside.ParentOf(above))
        {
            if (above is ServedContext request)
            {
                return request.Watched as ServerRequest;
            }
        }

        return null;
    }

    /// <summary>Whether somebody still watches it.</summary>
    internal abstract bool IsWatched { get; }

    internal string? Route => ctx.Route;

    internal bool IsHub => ctx.IsHub;

    internal Endpoint? Endpoint => ctx.Endpoint;

    /// <summary>When a call of a hub began; null for a request.</summary>
    internal long? CallStartedAt => (ctx as HubCallContext)?.Call.StartedAt;

    /// <summary>Whether its handler has returned.</summary>
    internal bool IsOver => ctx.IsOver;

    internal bool IsDone => ctx.EndedContext is not null;

    internal DeadlineView? Deadline => ContextInside.DeadlineOf(ctx.ValueSource);

    /// <summary>What has ended it; null while nothing has.</summary>
    internal EndView? End => ctx.EndedContext is { } ended
        ? new EndView(Observing.CauseOf(ended) ?? "canceled", ended.Cause!, ctx.Overrun)
        : null;

    /// <summary>The names of the keys of its values.</summary>
    internal IReadOnlyList<string> Keys => ContextInside.KeysBetween(ctx.ValueSource, top: null);

    internal ContextNode Describe() => ContextInside.Describe(ctx);

    internal void Cancel(Exception cause) => ctx.Cancel(cause);

    /// <summary>Who set a timeout, and the policy that it came from.</summary>
    internal static (string? Source, string? Policy) SetterOf(Exception? cause) =>
        (Observing.Source(cause), (cause as RequestTimeoutException)?.PolicyName);
}

/// <summary>What has ended a request.</summary>
/// <param name="Name">The cause as metrics name it.</param>
/// <param name="Cause">The cause itself.</param>
/// <param name="Overrun">How long ago it was.</param>
internal readonly record struct EndView(string Name, Exception Cause, TimeSpan Overrun);
