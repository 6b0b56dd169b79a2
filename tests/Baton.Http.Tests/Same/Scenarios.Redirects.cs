using System.Text;

namespace Baton.Http.Tests.Same;

internal static partial class Scenarios
{
    private const string Group = "redirects";

    private static IEnumerable<Scenario> Redirects()
    {
        foreach (var (status, method) in ((int, string)[])[
            (300, "GET"), (300, "POST"), (301, "POST"), (302, "POST"), (302, "PUT"), (303, "PUT"), (303, "HEAD"),
            (304, "GET"), (307, "POST"), (308, "POST"), (308, "DELETE")])
        {
            yield return new Scenario(Group, $"{status} to {method}")
            {
                Serve = Scenario.Redirect(status, static _ => "/to?x=1"),
                Request = Scenario.Send(method, Text(method)),
            };
        }

        yield return To("another host", static hosts => new Uri(hosts.Second, "/to").ToString());
        yield return To("a fragment of its own", static _ => "/to#theirs");
        yield return To("the fragment of the request", static _ => "/to") with
        {
            Request = static hosts => new HttpRequestMessage(HttpMethod.Get, new Uri(hosts.First, "/from#ours")),
        };
        yield return To("https", static hosts => new Uri(hosts.Secure, "/to").ToString());
        yield return To("http, from https", static hosts => new Uri(hosts.First, "/to").ToString()) with
        {
            Request = static hosts => new HttpRequestMessage(HttpMethod.Get, new Uri(hosts.Secure, "/from")),
        };
        yield return To("a scheme that is not HTTP", static _ => "ftp://127.0.0.1/to");
        yield return To("no address", static _ => "");
        yield return To("an address, over HTTP/2", static _ => "/to") with { Request = OverHttp2("/from") };
        yield return new Scenario(Group, "away and back")
        {
            Serve = static async (http, hosts) =>
            {
                if (http.Request.Path == "/to")
                {
                    await Scenario.EchoAsync(http);
                    return;
                }

                var isFirst = http.Request.Path == "/from";
                http.Response.Redirect(
                    new Uri(isFirst ? hosts.Second : hosts.First, isFirst ? "/away" : "/to").ToString());
            },
        };
        yield return new Scenario(Group, "a loop, 51 requests") { Serve = Loop };
        yield return new Scenario(Group, "a loop, with at most 3 redirects")
        {
            Serve = Loop,
            Primary = static _ => new SocketsHttpHandler { MaxAutomaticRedirections = 3 },
        };
        yield return To("an address, with AllowAutoRedirect = false", static _ => "/to") with
        {
            Primary = static _ => new SocketsHttpHandler { AllowAutoRedirect = false },
        };
        yield return To("another host, HttpClientHandler", static hosts => new Uri(hosts.Second, "/to").ToString()) with
        {
            Primary = static _ => new HttpClientHandler(),
        };
        yield return new Scenario(Group, "307 to a body that can be read once")
        {
            Serve = Drained(Scenario.Redirect(307, static _ => "/to")),
            Request = Scenario.Send("POST", static () => new StreamContent(new OneShot("abc"))),
        };
        yield return new Scenario(Group, "302 to a chunked body")
        {
            Serve = Drained(Scenario.Redirect(302, static _ => "/to")),
            Request = Scenario.Send(
                "POST", static () => new StringContent("abc"), static request =>
                    request.Headers.TransferEncodingChunked = true),
        };
        yield return new Scenario(Group, "headers of the request")
        {
            Serve = Scenario.Redirect(302, static hosts => new Uri(hosts.Second, "/to").ToString()),
            Request = Scenario.Send("GET", set: static request =>
            {
                request.Headers.Authorization = new("Bearer", "secret");
                request.Headers.Add("X-Mine", "1");
                request.Headers.Add("Cookie", "a=b");
            }),
        };
    }

    private static Scenario To(string name, Func<Hosts, string> target) =>
        new(Group, "to " + name) { Serve = Scenario.Redirect(302, target) };

    private static Task Loop(HttpContext http, Hosts hosts)
    {
        http.Response.Redirect("/from");
        return Task.CompletedTask;
    }

    private static Func<HttpContent>? Text(string method) =>
        method is "POST" or "PUT" ? static () => new StringContent("abc") : null;

    private static Func<Hosts, HttpRequestMessage> OverHttp2(string path) => hosts =>
        new HttpRequestMessage(HttpMethod.Get, new Uri(hosts.Http2, path))
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    /// <summary>Reads the request before it answers, so that the connection goes on.</summary>
    private static Func<HttpContext, Hosts, Task> Drained(Func<HttpContext, Hosts, Task> serve) =>
        async (http, hosts) =>
        {
            if (http.Request.Path == "/from")
            {
                await http.Request.Body.CopyToAsync(Stream.Null);
            }

            await serve(http, hosts);
        };

    /// <summary>A stream that can be read once.</summary>
    private sealed class OneShot(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override bool CanSeek => false;
    }
}
