using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>How the context of a request is found, and what other middleware has put in its place.</summary>
internal sealed partial class RequestContext
{
    /// <summary>The object of a request; null if neither the door nor <c>UseBaton()</c> saw it.</summary>
    /// <remarks>Middleware may have put a feature of its own in either of the two places.</remarks>
    internal static RequestContext? Find(HttpContext http) =>
        http.Features[typeof(IHttpRequestLifetimeFeature)] switch
        {
            RequestContext ctx => ctx,
            CopiedContext copied => copied.Request,
            _ => http.Features[typeof(IServiceProvidersFeature)] as RequestContext,
        };

    /// <summary>The context of a request; null if it has none.</summary>
    internal static Context? Of(HttpContext http) => http.Features[typeof(IHttpRequestLifetimeFeature)] switch
    {
        RequestContext ctx => ctx.Look(),
        CopiedContext copied => copied.Context,
        GivenContext given => given.Context,
        var other => (http.Features[typeof(IServiceProvidersFeature)] as RequestContext)?.LookBehind(other),
    };

    /// <summary>The context of a request, which gets one if it has none.</summary>
    internal static RequestContext At(HttpContext http, BatonServer server)
    {
        // A feature collection that was copied from another request brings along that request's context.
        var features = http.Features;
        var lifetime = features[typeof(IHttpRequestLifetimeFeature)] as IHttpRequestLifetimeFeature;
        return lifetime is RequestContext ctx && ctx._http == http ? ctx : Enter(http, features, lifetime, server);
    }

    /// <summary>
    /// Puts a context in the place of this one, for whatever comes later in the pipeline. If the request is a copy
    /// of the one that this object belongs to, for the copy alone.
    /// </summary>
    internal static void Replace(HttpContext http, Context value)
    {
        if (Find(http) is not { } ctx)
        {
            http.Features.Set<IHttpRequestLifetimeFeature>(new GivenContext(value));
            return;
        }

        if (!ctx.HasContext)
        {
            throw new InvalidOperationException(ctx.WhyNone());
        }

        if (!ctx.IsAbove(value, out _))
        {
            throw new ArgumentException(
                $"'{value}' was not derived from the request's context, so the request's end would not reach "
                + "it. Derive it: http.RequestContext = http.RequestContext.WithValue(key, value).",
                nameof(value));
        }

        if (http == ctx._http)
        {
            ctx._current = value;
        }
        else
        {
            http.Features.Set<IHttpRequestLifetimeFeature>(new CopiedContext(ctx, value));
        }
    }

    /// <summary>
    /// The context, as <see cref="Look"/> gives it, for code that has not looked at the features of the request.
    /// </summary>
    internal Context LookThroughFeatures() =>
        IsRunning && _http.Features[typeof(IHttpRequestLifetimeFeature)] is var feature && feature != this
            ? LookBehind(feature)
            : Look();

    /// <summary>What <paramref name="ctx"/> becomes when middleware sets the token of the request.</summary>
    /// <param name="ctx">The context until then.</param>
    /// <param name="carrier">The context that carries the token for one which only adds values.</param>
    /// <param name="token">
    /// The token. One of the request's own takes the request back to the context that it belongs to.
    /// </param>
    internal Context With(Context ctx, Context? carrier, CancellationToken token)
    {
        if (!token.CanBeCanceled)
        {
            return ctx.WithoutCancel();
        }

        return TryFromToken(token, out var own) && IsAbove(own, out _)
            ? own == carrier ? own.Parent! : own
            : Merge(ctx, token);
    }

    /// <summary>
    /// The context from whose token <see cref="Context.FromToken"/> comes to the values as well. A context that only
    /// adds a value shares the token of its parent, so another one is put below it.
    /// </summary>
    /// <param name="ctx">The context with the values.</param>
    /// <param name="known">The one that was made last; null if none was.</param>
    internal static Context CarrierOf(Context ctx, Context? known)
    {
        if (ctx is CancelableContext || ctx.Owner is null)
        {
            return ctx;
        }

        if (known?.Parent == ctx)
        {
            return known;
        }

        var carrier = ctx.WithCancel();
        carrier.Keep();
        return carrier;
    }

    /// <summary>Why the request has no context, and what to do about it.</summary>
    private string WhyNone() =>
        AskedBy is var option and not EarlyOption.None
            ? PipelineAdvice.NotYet(option)
            : PipelineAdvice.NotThrough(_http);

    private static RequestContext Enter(
        HttpContext http, IFeatureCollection features, IHttpRequestLifetimeFeature? lifetime, BatonServer server)
    {
        var services = features[typeof(IServiceProvidersFeature)];
        if (services is RequestContext known && known._http == http)
        {
            if (!known.IsRunning)
            {
                known.Cover(features);
            }

            return known;
        }

        lifetime ??= MakeLifetime(http, features);
        var ctx = server.Recent.Take(http, lifetime, out var body)
            ?? new RequestContext(server, http, lifetime) { _body = body };
        ctx.Cover(services as IServiceProvidersFeature);
        features[typeof(IServiceProvidersFeature)] = ctx;
        features[typeof(IHttpRequestLifetimeFeature)] = ctx;

        // Deliberately after the features are put there: HttpContext forgets what it has looked up then.
        if (UpgradeWatch.TryMake(http) is { } watch)
        {
            ctx.Rare.Upgrade = watch;
        }

        return ctx;
    }

    /// <summary>
    /// The feature of a server that has none: ASP.NET Core makes it when the token is first read.
    /// </summary>
    private static IHttpRequestLifetimeFeature MakeLifetime(HttpContext http, IFeatureCollection features)
    {
        _ = http.RequestAborted;
        return features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
    }

    /// <summary>
    /// Stands before a feature that middleware between the door and <c>UseBaton()</c> has put there. Its token ends
    /// the context as if that middleware had set <see cref="HttpContext.RequestAborted"/>.
    /// </summary>
    /// <remarks>
    /// It is not taken for the server's: its token is not the client, and it may well ask this one for the token.
    /// </remarks>
    private void Cover(IFeatureCollection features)
    {
        if (features[typeof(IHttpRequestLifetimeFeature)] is IHttpRequestLifetimeFeature outer)
        {
            if (outer.RequestAborted is var shown && shown != RequestAborted)
            {
                Rare.Aborted = shown;
            }

            Rare.Outer = outer;
        }

        features[typeof(IHttpRequestLifetimeFeature)] = this;
    }

    /// <summary>
    /// The context of a request in which middleware has put a feature of its own before this one: it also ends by the
    /// token that the feature shows.
    /// </summary>
    private Context LookBehind(object? feature)
    {
        var ctx = Look();
        if (!IsRunning || feature is not IHttpRequestLifetimeFeature { RequestAborted: var token })
        {
            return ctx;
        }

        var known = Rare.Shown ??= [];
        var shown = known.Find(one => one.Token == token && one.Holds(ctx));
        if (shown is null)
        {
            shown = new ShownContext(ctx, With(ctx, _extras?.Carrier, token), token);
            known.Add(shown);
        }

        // What was set behind the feature ends by its token already.
        return ctx == shown.Before ? shown.Context : ctx;
    }

    /// <summary>Derives a context that also ends by a token of other middleware.</summary>
    private CancelableContext Merge(Context ctx, CancellationToken token)
    {
        // It ends with the request. A scope of services that hands it on must not end it.
        var merged = ctx.WithCancel(token);
        merged.Keep();
        (Rare.Merged ??= []).Add(merged);
        return merged;
    }

    /// <summary>What a token that a feature shows made of the request's context.</summary>
    [ContextCarrier]
    private sealed record ShownContext(Context Before, Context Context, CancellationToken Token)
    {
        /// <summary>Whether <paramref name="ctx"/> is what the token was merged into, or derived from the result.</summary>
        internal bool Holds(Context ctx)
        {
            if (ctx == Before)
            {
                return true;
            }

            for (var above = ctx; above is not null; above = above.Parent)
            {
                if (above == Context)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
