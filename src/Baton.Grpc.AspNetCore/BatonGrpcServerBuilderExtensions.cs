using Baton.Grpc.AspNetCore;
using Grpc.AspNetCore.Server;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Baton in a gRPC server.</summary>
public static class BatonGrpcServerBuilderExtensions
{
    /// <summary>
    /// Ends the methods of all gRPC services with their call's context, and tells clients why by the call's
    /// status.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Adds what <c>app.UseBaton()</c> needs, too. A method that leaves because the context is done ends its
    /// call with <see cref="Grpc.Core.StatusCode.DeadlineExceeded"/>,
    /// <see cref="Grpc.Core.StatusCode.Unavailable"/> if the server is stopping, or
    /// <see cref="Grpc.Core.StatusCode.Cancelled"/>. So does one that throws a
    /// <see cref="Baton.DeadlineExceededException"/> or <see cref="Baton.ContextCanceledException"/> of a
    /// context of its own. A status that the method chose itself stays. Reading and writing a stream end with
    /// the context, whether or not the method passes a token.
    /// </para>
    /// <para>
    /// Interceptors that are added before run around this one and see the status; those added later see what
    /// the method threw. Called again it changes nothing.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IGrpcServerBuilder AddBatonInterceptor(this IGrpcServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddBaton();
        builder.Services.Configure<GrpcServiceOptions>(static options =>
        {
            if (options.Interceptors.All(static known => known.Type != typeof(ServerInterceptor)))
            {
                options.Interceptors.Add<ServerInterceptor>();
            }
        });
        return builder;
    }
}
