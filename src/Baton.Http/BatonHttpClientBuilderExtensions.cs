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
    /// handlers does not matter.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHttpClientBuilder AddBaton(
        this IHttpClientBuilder builder, Action<BatonHttpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = builder.Name;
        if (configure is not null)
        {
            builder.Services.Configure(name, configure);
        }

        // After all that is configured, in whatever order it was written.
        builder.Services.PostConfigure<HttpClientFactoryOptions>(
            name, options => options.HttpMessageHandlerBuilderActions.Add(chain => Add(chain, name)));
        return builder;
    }

    private static void Add(HttpMessageHandlerBuilder chain, string name)
    {
        var options = chain.Services.GetRequiredService<IOptionsMonitor<BatonHttpOptions>>().Get(name);
        var outgoing = new Outgoing(options, chain.Services);
        if (chain.AdditionalHandlers.Count > 0)
        {
            // One of them may make several attempts of a call: it stands between the call and its attempts.
            chain.AdditionalHandlers.Insert(0, new CallHandler(outgoing));
            chain.AdditionalHandlers.Add(new AttemptHandler());
        }

        chain.AdditionalHandlers.Add(new BatonHandler(outgoing, chain.PrimaryHandler));
    }
}
