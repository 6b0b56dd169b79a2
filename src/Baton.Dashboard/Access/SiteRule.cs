using Microsoft.AspNetCore.Http;

namespace Baton.Dashboard;

/// <summary>Whether a browser sends a request for the page itself, or for another site that it has open.</summary>
/// <remarks>
/// An application may let other sites read what it has, and most do in Development. That is not meant for this page. Tools
/// send neither of the two headers, and have no cookies that could be abused.
/// </remarks>
internal static class SiteRule
{
    /// <summary>Whether the page may be shown: to itself, to whoever typed its address, or by a link from elsewhere.</summary>
    internal static bool MayRead(HttpRequest request) =>
        Site(request) is { } site
            ? site is "same-origin" or "none" || request.Headers["Sec-Fetch-Mode"] == "navigate"
            : IsOwnOrigin(request);

    /// <summary>Whether something may be changed: by the page itself alone.</summary>
    internal static bool MayChange(HttpRequest request) =>
        Site(request) is { } site ? site == "same-origin" : IsOwnOrigin(request);

    /// <summary>
    /// What the browser says, which no script can set, and which a proxy that names another host leaves as it is. Null: it
    /// says nothing, as where there is no TLS.
    /// </summary>
    private static string? Site(HttpRequest request) => request.Headers["Sec-Fetch-Site"] switch
    {
        [] => null,
        [var only] => only,
        _ => "",
    };

    private static bool IsOwnOrigin(HttpRequest request) =>
        request.Headers.Origin is var origin
        && (origin.Count == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var sender)
                && sender.Authority.Equals(
                    new Uri($"{sender.Scheme}://{request.Host}").Authority, StringComparison.OrdinalIgnoreCase)));
}
