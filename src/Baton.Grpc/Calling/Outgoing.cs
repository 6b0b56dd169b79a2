using Grpc.Core;

namespace Baton.Grpc;

/// <summary>
/// Which context a client's call has, and which values go along with it. It never changes.
/// </summary>
internal sealed class Outgoing(BatonGrpcOptions options, IServiceProvider? services = null)
{
    private readonly IContextAccessor? _contexts = options.ContextAccessor;
    private readonly Uri? _address = options.Address;

    private readonly GrpcMeter _meter = new(services, options.Address is { } leads ? Host(leads) : null);

    // Null if no values may be sent to the channel's host.
    private readonly ContextPropagation? _propagation =
        options.Propagation is { } values && options.Address is { } address && values.SendsTo(Host(address))
            ? values
            : null;

    /// <summary>The call that these options describe; null if it has no context.</summary>
    /// <param name="call">The options.</param>
    /// <param name="method">The full name of the method.</param>
    internal ClientCall? Start(CallOptions call, string method) => ContextOf(call) is { } ctx
        ? new ClientCall(ctx, WithValues(call, ctx), _meter).Tell(_address, method)
        : null;

    private Context? ContextOf(CallOptions call)
    {
        if (ContextEntry.Find(call.Headers) is { } given)
        {
            return given;
        }

        return CallToken.TryFindContext(call.CancellationToken, out var own) ? own : _contexts?.Current;
    }

    /// <summary>The options with the context's values. A header that the caller has set itself stays.</summary>
    private CallOptions WithValues(CallOptions call, Context ctx)
    {
        if (_propagation is null)
        {
            return call;
        }

        var headers = ContextEntry.Copy(call.Headers);
        _propagation.Inject(ctx, headers, static (carrier, name, value) =>
        {
            var callers = carrier.Get(name);
            if (name == "baggage")
            {
                value = ContextPropagation.JoinBaggage(value, callers?.Value);
                if (callers is not null)
                {
                    carrier.Remove(callers);
                }
            }
            else if (callers is not null)
            {
                return;
            }

            carrier.Add(name, value);
        });
        return call.WithHeaders(headers);
    }

    /// <summary>
    /// The address in a form that has a host: that of a resolver, as dns:///stock, has the host in its path.
    /// </summary>
    private static Uri Host(Uri address) =>
        address is { IsAbsoluteUri: true, Host: "" }
            && Uri.TryCreate("http:/" + address.AbsolutePath, UriKind.Absolute, out var found)
            ? found
            : address;
}
