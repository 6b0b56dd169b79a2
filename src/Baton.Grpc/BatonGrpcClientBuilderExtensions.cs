using Baton;
using Baton.Grpc;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Baton in gRPC clients that a factory makes.</summary>
public static class BatonGrpcClientBuilderExtensions
{
    /// <summary>
    /// Makes the calls of a client end with their context: <see cref="BatonClientInterceptor"/>.
    /// </summary>
    /// <remarks>
    /// For clients of <c>AddGrpcClient</c>. The values of a registered <see cref="ContextPropagation"/> go
    /// along. A call that is given no context takes the current request's, if the application has called
    /// <c>AddBaton()</c> and <c>AddHttpContextAccessor()</c> on its services. Call it after other
    /// interceptors are added: the last one is closest to the wire.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHttpClientBuilder AddBatonInterceptor(
        this IHttpClientBuilder builder, Action<BatonGrpcOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = builder.Name;
        return builder.AddInterceptor(InterceptorScope.Channel, services => Make(services, name, configure));
    }

    private static BatonClientInterceptor Make(
        IServiceProvider services, string name, Action<BatonGrpcOptions>? configure)
    {
        var options = new BatonGrpcOptions();
        configure?.Invoke(options);
        options.Propagation ??= services.GetService<ContextPropagation>();
        options.ContextAccessor ??= services.GetService<IContextAccessor>();
        options.Address ??= services.GetRequiredService<IOptionsMonitor<GrpcClientFactoryOptions>>()
            .Get(name).Address;
        return new BatonClientInterceptor(options);
    }
}
