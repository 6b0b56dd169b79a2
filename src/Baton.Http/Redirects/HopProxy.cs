using System.Net;

namespace Baton.Http;

/// <summary>
/// Stands in for the proxy setting of the handler at the end of a chain. The handler asks it for a proxy
/// immediately before each send, and so also for each redirect that it follows by its own rules.
/// </summary>
/// <param name="isUsed">Whether the handler is to use a proxy at all.</param>
/// <param name="proxy">The proxy of the application. Null: the system's.</param>
internal sealed class HopProxy(bool isUsed, IWebProxy? proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => Real?.Credentials;
        set
        {
            if (Real is { } real)
            {
                real.Credentials = value;
            }
        }
    }

    private IWebProxy? Real => isUsed ? proxy ?? HttpClient.DefaultProxy : null;

    /// <summary>
    /// Sees to it that the handler at the end of a chain says where it sends each request. False for a
    /// handler of another kind, and for one that was used before and follows no redirects.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The handler was used before and follows redirects: it would take to any host what one host is told.
    /// </exception>
    internal static bool Watches(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler { InnerHandler: { } inner })
        {
            handler = inner;
        }

        if (IsInPlace(handler))
        {
            return true;
        }

        try
        {
            switch (handler)
            {
                case SocketsHttpHandler sockets:
                    sockets.Proxy = new HopProxy(sockets.UseProxy, sockets.Proxy);
                    sockets.UseProxy = true;
                    return true;
                case HttpClientHandler client:
                    client.Proxy = new HopProxy(client.UseProxy, client.Proxy);
                    client.UseProxy = true;
                    return true;
                default:
                    return false;
            }
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            // Another call may have come first, and put it in place.
            return IsInPlace(handler) || (FollowsRedirects(handler) ? throw Used(handler, e) : false);
        }
    }

    public Uri? GetProxy(Uri destination) => Real?.GetProxy(destination);

    public bool IsBypassed(Uri host)
    {
        Hop.Enter(host);
        return Real is not { } real || real.IsBypassed(host);
    }

    private static bool IsInPlace(HttpMessageHandler? handler) => handler
        is SocketsHttpHandler { UseProxy: true, Proxy: HopProxy }
        or HttpClientHandler { UseProxy: true, Proxy: HopProxy };

    private static bool FollowsRedirects(HttpMessageHandler? handler) => handler
        is SocketsHttpHandler { AllowAutoRedirect: true } or HttpClientHandler { AllowAutoRedirect: true };

    private static InvalidOperationException Used(HttpMessageHandler? handler, Exception e) => new(
        $"The {handler!.GetType().Name} has been used and follows redirects, so it would take to any host what only some hosts may "
        + "be told. Make the BatonHandler before the first call, or the handler with AllowAutoRedirect = false.",
        e);
}
