using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Baton.Dashboard;

/// <summary>Whether a request comes from this machine, in Development, where nobody has to be authorized.</summary>
/// <remarks>
/// It asks the connection, and the host that the browser meant: a site of another name, which resolves to this machine,
/// has that name there. A header that only a proxy writes says that the request comes from elsewhere, also where
/// middleware has used it up already: middleware leaves the original behind.
/// </remarks>
internal static class LoopbackRule
{
    private const string Advice =
        "In Development this page is only for a browser on this machine, without a proxy in between, at localhost. For "
        + "others write app.MapBatonDashboard(…).RequireAuthorization(…).";

    /// <summary>What the names of headers begin with that only proxies write.</summary>
    private static readonly string[] s_ofProxies =
    [
        "X-Forwarded", "X-Original", "X-Real", "X-Client-IP", "X-Cluster-Client", "X-ARR-", "X-Azure-", "X-Envoy-", "CF-",
        "Fastly-", "Fly-", "True-Client-IP", "Forwarded", "Via",
    ];

    /// <summary>Why a request is refused; null if it is not.</summary>
    internal static string? Refusal(HttpContext http) =>
        IsForwarded(http.Request) ? $"The request was forwarded. {Advice}"
        : !IsLocal(http) ? $"The request comes from another machine. {Advice}"
        : !IsLocalName(http.Request.Host.Host) ? $"The request is for another host. {Advice}"
        : null;

    /// <summary>
    /// No browser speaks HTTP/1.0. A proxy does that names the host it stands before, and adds no header: nginx, unless it
    /// is told otherwise.
    /// </summary>
    private static bool IsForwarded(HttpRequest request) =>
        HttpProtocol.IsHttp10(request.Protocol)
        || request.Headers.Any(static header => Array.Exists(
            s_ofProxies, name => header.Key.StartsWith(name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>
    /// Whether both ends of the connection are this machine's. Middleware may set the addresses of the request; it
    /// cannot set those of the socket.
    /// </summary>
    private static bool IsLocal(HttpContext http) =>
        IsLoopback(http.Connection.RemoteIpAddress)
        && IsLoopback(http.Connection.LocalIpAddress)
        && (http.Features.Get<IConnectionSocketFeature>() is not { Socket.RemoteEndPoint: var end }
            || IsLoopback((end as IPEndPoint)?.Address));

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
