using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Baton.Http.Tests.Same;

internal static partial class Scenarios
{
    private static readonly NetworkCredential s_user = new("svc", "s3cret");

    private static IEnumerable<Scenario> Credentials()
    {
        const string Group = "credentials";
        foreach (var (kind, make) in ((string, Func<ICredentials, HttpMessageHandler>)[])[
            ("SocketsHttpHandler", static credentials => new SocketsHttpHandler { Credentials = credentials }),
            ("HttpClientHandler", static credentials => new HttpClientHandler { Credentials = credentials })])
        {
            yield return new Scenario(Group, $"NetworkCredential, {kind}")
            {
                Serve = Asking("Basic realm=\"x\""),
                Primary = _ => make(s_user),
            };
            yield return new Scenario(Group, $"NetworkCredential, redirect to a host that asks for them, {kind}")
            {
                Serve = AskingElsewhere,
                Primary = _ => make(s_user),
            };
        }

        yield return new Scenario(Group, "CredentialCache, redirect to a host that it knows")
        {
            Serve = AskingElsewhere,
            Primary = static hosts => new SocketsHttpHandler { Credentials = Cache(hosts.Second) },
        };
        yield return new Scenario(Group, "CredentialCache, redirect to a host that it does not know")
        {
            Serve = AskingElsewhere,
            Primary = static hosts => new SocketsHttpHandler { Credentials = Cache(hosts.First) },
        };
        yield return new Scenario(Group, "default credentials")
        {
            Serve = Asking("Basic realm=\"x\""),
            Primary = static _ => new HttpClientHandler { UseDefaultCredentials = true },
        };
        yield return new Scenario(Group, "PreAuthenticate, two calls")
        {
            Serve = Asking("Basic realm=\"x\""),
            Primary = static _ => new SocketsHttpHandler { Credentials = s_user, PreAuthenticate = true },
            Act = TwiceAsync,
        };
        yield return new Scenario(Group, "a proxy that asks for them")
        {
            Serve = static async (http, _) =>
            {
                if (http.Request.Headers.ProxyAuthorization.Count > 0)
                {
                    await Scenario.EchoAsync(http);
                    return;
                }

                http.Response.StatusCode = 407;
                http.Response.Headers.ProxyAuthenticate = "Basic realm=\"x\"";
            },
            Primary = static hosts => new SocketsHttpHandler
            {
                Proxy = new WebProxy(hosts.First) { Credentials = s_user },
            },
            Request = static _ => new HttpRequestMessage(HttpMethod.Get, "http://orders.invalid/from"),
        };
        yield return new Scenario(Group, "a proxy that answers with a redirect to a host that it need not reach")
        {
            Serve = Scenario.Redirect(302, static hosts => new Uri(hosts.Second, "/to").ToString()),
            Primary = static hosts => new HttpClientHandler { Proxy = new WebProxy(hosts.First, BypassOnLocal: true) },
            Request = static _ => new HttpRequestMessage(HttpMethod.Get, "http://orders.invalid/from"),
        };
        yield return new Scenario(Group, "a handler before, redirect to another host")
        {
            Serve = Scenario.Redirect(302, static hosts => new Uri(hosts.Second, "/to").ToString()),
            Handlers = static _ => [new Bearer()],
        };
        yield return new Scenario(Group, "a handler after, redirect to another host")
        {
            Serve = Scenario.Redirect(302, static hosts => new Uri(hosts.Second, "/to").ToString()),
            Primary = static _ => new Bearer { InnerHandler = new SocketsHttpHandler() },
        };
    }

    private static IEnumerable<Scenario> Cookies()
    {
        const string Group = "cookies and decompression";
        yield return new Scenario(Group, "a cookie of a redirect") { Serve = SetCookie };
        yield return new Scenario(Group, "no cookies")
        {
            Serve = SetCookie,
            Primary = static _ => new SocketsHttpHandler { UseCookies = false },
        };
        yield return new Scenario(Group, "a container with a cookie")
        {
            Serve = SetCookie,
            Primary = static hosts =>
            {
                var handler = new HttpClientHandler();
                handler.CookieContainer.Add(hosts.First, new Cookie("b", "2"));
                return handler;
            },
        };
        foreach (var method in (string[])["GET", "HEAD"])
        {
            yield return new Scenario(Group, $"gzip, {method}")
            {
                Serve = ZipAsync,
                Primary = static _ => new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All },
                Request = Scenario.Send(method),
            };
        }

        yield return new Scenario(Group, "gzip after a redirect")
        {
            Serve = static (http, hosts) =>
                http.Request.Path == "/from" ? Loop("/to")(http, hosts) : ZipAsync(http, hosts),
            Primary = static _ => new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip },
            Completion = HttpCompletionOption.ResponseHeadersRead,
        };
    }

    private static Func<HttpContext, Hosts, Task> Asking(string challenge) => async (http, _) =>
    {
        if (http.Request.Headers.Authorization.Count > 0)
        {
            await Scenario.EchoAsync(http);
            return;
        }

        http.Response.StatusCode = 401;
        http.Response.Headers.WWWAuthenticate = challenge;
    };

    private static Task AskingElsewhere(HttpContext http, Hosts hosts) => http.Request.Path == "/from"
        ? Loop(new Uri(hosts.Second, "/to").ToString())(http, hosts)
        : Asking("Basic realm=\"x\"")(http, hosts);

    private static Func<HttpContext, Hosts, Task> Loop(string target) => (http, _) =>
    {
        http.Response.Redirect(target);
        return Task.CompletedTask;
    };

    private static CredentialCache Cache(Uri host) => new() { { host, "Basic", s_user } };

    private static Task SetCookie(HttpContext http, Hosts hosts)
    {
        if (http.Request.Path != "/from")
        {
            return Scenario.EchoAsync(http);
        }

        http.Response.Cookies.Append("a", "1");
        http.Response.Redirect("/to");
        return Task.CompletedTask;
    }

    private static async Task ZipAsync(HttpContext http, Hosts hosts)
    {
        http.Response.Headers.ContentEncoding = "gzip";
        if (http.Request.Method == "GET")
        {
            await using var zip = new GZipStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await zip.WriteAsync(new byte[1000].AsMemory());
        }
    }

    private static async Task<string> TwiceAsync(Caller caller, Hosts hosts)
    {
        using var first = await caller.GetAsync(new Uri(hosts.First, "/from"));
        using var second = await caller.GetAsync(new Uri(hosts.First, "/from"));
        return await Recording.TextAsync(first) + await Recording.TextAsync(second);
    }

    private sealed class Bearer : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
