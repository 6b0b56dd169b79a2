using Baton;
using Baton.Grpc;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Baton in gRPC clients that a factory makes.</summary>
public static class BatonGrpcClientBuilderExtensions
{
    /// <summary>
    /// Makes the calls of a client end with their context: <see cref="BatonClientInterceptor"/>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// For clients of <c>AddGrpcClient</c>, and for all of them at once by
    /// <c>ConfigureHttpClientDefaults</c>. The values of a registered <see cref="ContextPropagation"/> go
    /// along. A call that is given no context takes the current request's, if an <see
    /// cref="IContextAccessor"/> is registered: <c>services.AddBaton()</c> of Baton.AspNetCore does that,
    /// with <c>AddHttpContextAccessor()</c>.
    /// </para>
    /// <para>
    /// A client has one interceptor of Baton's, however often this is called. <paramref name="configure"/> of
    /// every call runs, in order, those for all clients first, so that a client's own options win. The
    /// interceptor is closest to the wire, wherever this call stands among those that add other interceptors.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The client is not one of <c>AddGrpcClient</c>.</exception>
    public static IHttpClientBuilder AddBatonInterceptor(
        this IHttpClientBuilder builder, Action<BatonGrpcOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // The builder of ConfigureHttpClientDefaults has no name.
        if (builder.Name is not null)
        {
            AssertGrpc(builder);
        }

        ClientRegistrations.Of(builder.Services).Add(builder.Name, configure);
        return builder;
    }

    /// <summary>gRPC's own check: all of its methods refuse the clients of <c>AddHttpClient</c>.</summary>
    private static void AssertGrpc(IHttpClientBuilder builder)
    {
        try
        {
            builder.ConfigureChannel(static _ => { });
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException(
                $"AddBatonInterceptor() is for clients of AddGrpcClient(), and '{builder.Name}' is none. For an "
                + "HttpClient, call AddBatonHandler() of Baton.Http.",
                e);
        }
    }
}
