using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Baton.Grpc;

/// <summary>The clients of a factory that have Baton's interceptor, each once, and their options.</summary>
internal sealed class ClientRegistrations : IPostConfigureOptions<GrpcClientFactoryOptions>
{
    /// <summary>A null name stands for all clients.</summary>
    private readonly List<(string? Client, Action<BatonGrpcOptions> Configure)> _registrations = [];

    /// <summary>The registrations of an application. The first call adds them to its services.</summary>
    internal static ClientRegistrations Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(static service => service.ImplementationInstance is ClientRegistrations)
            is { ImplementationInstance: ClientRegistrations known })
        {
            return known;
        }

        var made = new ClientRegistrations();
        services.AddSingleton<IPostConfigureOptions<GrpcClientFactoryOptions>>(made);
        return made;
    }

    /// <summary>Gives the interceptor to a client, or to all clients if the name is null.</summary>
    internal void Add(string? client, Action<BatonGrpcOptions>? configure) =>
        _registrations.Add((client, configure ?? (static _ => { })));

    /// <summary>
    /// Adds the interceptor behind all that the application adds, in whatever order it was written: the last
    /// one is closest to the wire, and sends the time that remains then.
    /// </summary>
    public void PostConfigure(string? name, GrpcClientFactoryOptions options)
    {
        if (_registrations.Exists(one => one.Client is null || one.Client == name))
        {
            var address = options.Address;
            options.InterceptorRegistrations.Add(new InterceptorRegistration(
                InterceptorScope.Channel, services => Make(services, name, address)));
        }
    }

    private BatonClientInterceptor Make(IServiceProvider services, string? name, Uri? address)
    {
        // A client's own options come after those of all clients, and win.
        var options = new BatonGrpcOptions();
        foreach (var one in _registrations.Where(static one => one.Client is null)
            .Concat(_registrations.Where(one => one.Client is not null && one.Client == name)))
        {
            one.Configure(options);
        }

        options.Propagation ??= services.GetService<ContextPropagation>();
        options.ContextAccessor ??= services.GetService<IContextAccessor>();
        options.Address ??= address;
        return new BatonClientInterceptor(options, services);
    }
}
