using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>What few requests have, so that the others need no room for it.</summary>
internal sealed partial class RequestContext
{
    /// <summary>What few requests have.</summary>
    [ContextCarrier]
    private sealed class Extras
    {
        internal IProtocolErrorCodeFeature? ErrorCode { get; set; }

        /// <summary>The token that middleware outside of <c>UseBaton()</c> has set.</summary>
        internal CancellationToken? Aborted { get; set; }

        /// <summary>The lifetime feature that stood before this one when the request came to <c>UseBaton()</c>.</summary>
        internal IHttpRequestLifetimeFeature? Outer { get; set; }

        /// <summary>Contexts that also end by the tokens which features of other middleware show.</summary>
        internal List<ShownContext>? Shown { get; set; }

        /// <summary>Contexts that also end by a token which middleware has set.</summary>
        internal List<Context>? Merged { get; set; }

        /// <summary>A context for the token, below one that only adds values.</summary>
        internal Context? Carrier { get; set; }

        /// <summary>The context of an error page.</summary>
        internal CancelableContext? Revived { get; set; }

        internal CancellationToken? TimedOut { get; set; }

        /// <summary>Of a request that becomes a web socket.</summary>
        internal UpgradeWatch? Upgrade { get; set; }

        /// <summary>What a watcher knows of the request; null if nobody watches.</summary>
        internal WatchedRequest? Watched;

        /// <summary>The feature for services that the request had before.</summary>
        internal IServiceProvidersFeature? Prior { get; init; }

        /// <summary>The services that middleware has put in the place of the request's own.</summary>
        internal IServiceProvider? Replaced { get; set; }

        /// <summary>What a second run of the pipeline takes over.</summary>
        internal Extras Inherit() => new()
        {
            Aborted = Aborted,
            Outer = Outer,
            Prior = Prior,
            Replaced = Replaced,
            Upgrade = Upgrade,
        };
    }
}
