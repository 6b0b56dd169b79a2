namespace Baton.Http;

/// <summary>
/// The headers of one request, written anew for each host that the handler at the end of the chain sends it
/// to, because that handler follows redirects itself.
/// </summary>
/// <remarks>
/// Nothing is written before the handler says where it sends the request. If it does not say so in the flow
/// of execution of this call, the request goes out without these headers, to whatever host.
/// </remarks>
[ContextCarrier]
internal sealed class Hop
{
    /// <summary>
    /// The address of a request as the application gave it, before service discovery rewrites it; or the one
    /// that the request was redirected to, so that a retry is not taken for a request to the first host.
    /// </summary>
    private static readonly HttpRequestOptionsKey<Uri> s_named = new("Baton.Address");

    private static readonly AsyncLocal<Hop?> s_current = new();

    private readonly Lock _gate = new();
    private readonly Hop? _outer = s_current.Value;
    private readonly Outgoing _outgoing;
    private readonly Uri? _named;

    /// <summary>
    /// The request and its context; null when its sends are over. A connection that was made meanwhile keeps
    /// the flow of execution that it was made in, and so this object, for as long as it is open.
    /// </summary>
    private HttpRequestMessage? _request;
    private Context? _ctx;
    private Uri? _first;
    private Written? _written;

    private Hop(HttpRequestMessage request, Context ctx, Outgoing outgoing) =>
        (_request, _ctx, _outgoing, _named) = (request, ctx, outgoing, NameOf(request));

    /// <summary>Keeps the address that a request has now: hosts are judged by it.</summary>
    internal static void Name(HttpRequestMessage request)
    {
        if (request.RequestUri is { } address)
        {
            request.Options.Set(s_named, address);
        }
    }

    /// <summary>The address by which the host of a request is judged.</summary>
    internal static Uri? NameOf(HttpRequestMessage request) =>
        request.Options.TryGetValue(s_named, out var named) ? named : request.RequestUri;

    /// <summary>Begins the sends of a request, for the current flow of execution.</summary>
    internal static Hop Begin(HttpRequestMessage request, Context ctx, Outgoing outgoing) =>
        s_current.Value = new Hop(request, ctx, outgoing);

    /// <summary>The handler is about to send a request of this flow of execution to an address.</summary>
    internal static void Enter(Uri address) => s_current.Value?.WriteFor(address);

    /// <summary>Ends the sends, and leaves the request as it was.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _written?.Erase(_request!);
            (_request, _ctx) = (null, null);
        }

        s_current.Value = _outer;
    }

    private void WriteFor(Uri address)
    {
        lock (_gate)
        {
            if (_request is null || _ctx is null)
            {
                return;
            }

            _written?.Erase(_request);
            _written = null;

            // A handler in between may make a call of its own in this flow of execution, to fetch a token say.
            // The headers are not for the host of that call.
            if (ReferenceEquals(address, _request.RequestUri))
            {
                _written = _outgoing.Write(_request, _ctx, JudgedBy(_request, address));
            }
        }
    }

    private Uri? JudgedBy(HttpRequestMessage request, Uri address)
    {
        _first ??= address;
        if (HasOriginOf(_first, address))
        {
            return _named;
        }

        request.Options.Set(s_named, address);
        return address;
    }

    private static bool HasOriginOf(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port
        && one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);
}
