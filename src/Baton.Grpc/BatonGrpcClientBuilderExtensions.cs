using Baton;
using Baton.Grpc;
using Grpc.Net.ClientFactory;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Baton in gRPC clients that a factory makes.</summary>
public static class BatonGrpcClientBuilderExtensions
{
    /// <summary>Makes the calls of a client end with their context: <see cref="BatonClientInterceptor"/>.</summary>
    /// <remarks>
    /// For clients of <c>AddGrpcClient</c>. A call that is given no context takes the current request's, if the application
    /// has called <c>AddBaton()</c> and <c>AddHttpContextAccessor()</c> on its services. Call it after other interceptors
    /// are added: the last one is closest to the wire. Called twice, it makes no difference to the calls.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHttpClientBuilder AddBatonGrpc(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddInterceptor(
            InterceptorScope.Channel,
            static services => new BatonClientInterceptor(services.GetService<IContextAccessor>()));
    }
}
