using System.Net;
using System.Runtime.CompilerServices;

namespace Baton.Http;

/// <summary>
/// Follows redirects in place of the handler that does it otherwise, by the same rules. That one follows them
/// where nobody sees it: with the time that was left at the start, and to hosts that are to be told nothing.
/// </summary>
/// <param name="limit">The most redirects of one call.</param>
internal sealed class Redirects(int limit)
{
    /// <summary>
    /// The handlers that no longer follow redirects themselves. One that is shared, or used again, is found
    /// here.
    /// </summary>
    private static readonly ConditionalWeakTable<HttpMessageHandler, Redirects> s_taken = [];

    private static readonly Lock s_gate = new();

    /// <summary>
    /// Takes redirects over from the handler at the end of a chain. Null if that one follows none.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// It follows them and has been used: it can no longer be changed.
    /// </exception>
    internal static Redirects? TakeOver(HttpMessageHandler handler)
    {
        while (handler is DelegatingHandler { InnerHandler: { } inner })
        {
            handler = inner;
        }

        lock (s_gate)
        {
            if (s_taken.TryGetValue(handler, out var taken))
            {
                return taken;
            }

            var limit = handler switch
            {
                SocketsHttpHandler { AllowAutoRedirect: true } sockets => sockets.MaxAutomaticRedirections,
                HttpClientHandler { AllowAutoRedirect: true } client => client.MaxAutomaticRedirections,
                _ => 0,
            };
            if (limit == 0)
            {
                return null;
            }

            SwitchOff(handler);
            var redirects = new Redirects(limit);
            s_taken.Add(handler, redirects);
            return redirects;
        }
    }

    /// <summary>
    /// Whether the answer is a redirect that is to be followed; then the request is changed to go there.
    /// </summary>
    /// <param name="request">The request that was answered.</param>
    /// <param name="response">The answer.</param>
    /// <param name="followed">How many were followed before.</param>
    internal bool TryFollow(HttpRequestMessage request, HttpResponseMessage response, int followed)
    {
        if (followed >= limit || Target(request.RequestUri, response) is not { } target)
        {
            return false;
        }

        if (BecomesGet(response.StatusCode, request.Method))
        {
            request.Method = HttpMethod.Get;
            request.Content = null;
            if (request.Headers.TransferEncodingChunked == true)
            {
                request.Headers.TransferEncodingChunked = false;
            }
        }

        // The credentials are for the host that was asked first.
        request.Headers.Authorization = null;
        request.RequestUri = target;
        return true;
    }

    private static void SwitchOff(HttpMessageHandler handler)
    {
        try
        {
            if (handler is SocketsHttpHandler sockets)
            {
                sockets.AllowAutoRedirect = false;
            }
            else if (handler is HttpClientHandler client)
            {
                client.AllowAutoRedirect = false;
            }
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException(
                $"The {handler.GetType().Name} has been used and follows redirects, which would carry an old deadline to any "
                + "host. Make the BatonHandler before the first call, or the handler with AllowAutoRedirect "
                + "= false.",
                e);
        }
    }

    private static Uri? Target(Uri? from, HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.MultipleChoices or HttpStatusCode.Moved
                or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect
                or HttpStatusCode.PermanentRedirect)
            || from is null || response.Headers.Location is not { } location)
        {
            return null;
        }

        var target = location.IsAbsoluteUri ? location : new Uri(from, location);
        if (target.Fragment.Length == 0 && from.Fragment.Length > 0)
        {
            target = new UriBuilder(target) { Fragment = from.Fragment }.Uri;
        }

        return target.Scheme == Uri.UriSchemeHttps
            || (target.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp)
            ? target
            : null;
    }

    private static bool BecomesGet(HttpStatusCode status, HttpMethod method) => status switch
    {
        HttpStatusCode.MultipleChoices or HttpStatusCode.Moved or HttpStatusCode.Found =>
            method == HttpMethod.Post,
        HttpStatusCode.SeeOther => method != HttpMethod.Get && method != HttpMethod.Head,
        _ => false,
    };
}
