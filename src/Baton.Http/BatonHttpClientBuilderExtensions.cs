using Baton;
using Baton.Http;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Baton in the clients of a factory.</summary>
public static class BatonHttpClientBuilderExtensions
{
    /// <summary>Sends the calls of this client with their context.</summary>
    /// <remarks>
    /// The values of a registered <see cref="ContextPropagation"/> go along. A call that is given no context
    /// takes the current request's, if an <see cref="IContextAccessor"/> is registered:
    /// <c>services.AddBaton()</c> of Baton.AspNetCore does that. Where it stands among the client's other
    /// handlers does not matter. Called twice, or for all clients by <c>ConfigureHttpClientDefaults</c> and for
    /// this one, it adds one handler; the client's own options come after those for all clients.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHttpClientBuilder AddBatonHandler(
        this IHttpClientBuilder builder, Action<BatonHttpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Null is the name of the builder for all clients.
        var name = builder.Name;
        if (configure is not null && name is null)
        {
            builder.Services.Configure<BatonHttpOptions>(name, configure);
        }
        else if (configure is not null)
        {
            // After the options for all clients, which may be registered later.
            builder.Services.PostConfigure(name, configure);
        }

        // After all that is configured, in whatever order it was written.
        builder.Services.PostConfigure<HttpClientFactoryOptions>(
            name, static options => options.HttpMessageHandlerBuilderActions.Add(Add));
        return builder;
    }

    private static void Add(HttpMessageHandlerBuilder chain)
    {
        if (chain.AdditionalHandlers.Any(static handler => handler is BatonHandler))
        {
            return;
        }

        var options = chain.Services.GetRequiredService<IOptionsMonitor<BatonHttpOptions>>().Get(chain.Name);
        var outgoing = new Outgoing(options, chain.Services);
        var hasOthers = chain.AdditionalHandlers.Count > 0;
        if (hasOthers)
        {
            // One of them may make several attempts of a call, or rewrite its address.
            chain.AdditionalHandlers.Insert(0, new CallHandler(outgoing));
        }

        chain.AdditionalHandlers.Add(BatonHandler.WithoutInner(outgoing, hasOthers));
    }
}
