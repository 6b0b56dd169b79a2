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

    /// <summary>Why a request is refused; null if it is not.</summary>
    internal static string? Refusal(HttpContext http) =>
        IsForwarded(http.Request.Headers) ? $"The request was forwarded. {Advice}"
        : !IsLocal(http) ? $"The request comes from another machine. {Advice}"
        : !IsLocalName(http.Request.Host.Host) ? $"The request is for another host. {Advice}"
        : null;

    private static bool IsForwarded(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
        {
            if (name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Original", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Real", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Via", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

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
