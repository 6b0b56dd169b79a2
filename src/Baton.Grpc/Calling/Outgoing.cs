using Grpc.Core;

namespace Baton.Grpc;

/// <summary>
/// What one client does with the context of a call. Made from its options, and never changed.
/// </summary>
internal sealed class Outgoing(BatonGrpcOptions options)
{
    private readonly IContextAccessor? _contexts = options.ContextAccessor;

    // Null if nothing is sent to where the channel leads.
    private readonly ContextPropagation? _propagation =
        options.Propagation is { } values && options.Address is { } address && values.SendsTo(Host(address))
            ? values
            : null;

    /// <summary>A call as its options and its surroundings have it; null if there is no context.</summary>
    internal ClientCall? Start(CallOptions call) =>
        ContextOf(call) is { } ctx ? new ClientCall(ctx, WithValues(call, ctx)) : null;

    private Context? ContextOf(CallOptions call)
    {
        if (ContextEntry.Find(call.Headers) is { } given)
        {
            return given;
        }

        return Context.TryFromToken(call.CancellationToken, out var own) ? own : _contexts?.Current;
    }

    /// <summary>The options with the values that cross. A header that the caller set itself stays.</summary>
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
    /// An address with its host where others have it: a resolver's, as dns:///stock, has none but a path.
    /// </summary>
    private static Uri Host(Uri address) =>
        address is { IsAbsoluteUri: true, Host: "" }
            && Uri.TryCreate("http:/" + address.AbsolutePath, UriKind.Absolute, out var found)
            ? found
            : address;
}
