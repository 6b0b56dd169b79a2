using System.Net.Http.Json;
using System.Text;

namespace Baton.Http.Tests.Same;

internal static partial class Scenarios
{
    private const HttpCompletionOption Headers = HttpCompletionOption.ResponseHeadersRead;

    private static IEnumerable<Scenario> RequestBodies()
    {
        const string Group = "what requests send";
        foreach (var (name, content) in ((string, Func<HttpContent>)[])[
            ("nothing", static () => new ByteArrayContent([])),
            ("text", static () => new StringContent("abc", Encoding.UTF8, "text/plain")),
            ("JSON", static () => JsonContent.Create(new { A = 1 })),
            ("a form", static () => new FormUrlEncodedContent([new("a", "1")])),
            ("several parts", static () => new MultipartFormDataContent("edge") { { new StringContent("v"), "k" } }),
            ("a stream of known length", static () => new StreamContent(new MemoryStream("abc"u8.ToArray()))),
            ("a stream that can be read once", static () => new StreamContent(new OneShot("abc"))),
            ("a content of its own", static () => new CountedContent())])
        {
            yield return new Scenario(Group, name)
            {
                Serve = static (http, _) => Scenario.EchoAsync(http),
                Request = Scenario.Send("POST", content),
            };
        }

        yield return new Scenario(Group, "a stream, over HTTP/2")
        {
            Serve = static (http, _) => Scenario.EchoAsync(http),
            Request = static hosts =>
            {
                var request = OverHttp2("/from")(hosts);
                request.Method = HttpMethod.Post;
                request.Content = new StreamContent(new OneShot("abc"));
                return request;
            },
        };
        foreach (var status in (int[])[200, 413, 417])
        {
            yield return new Scenario(Group, $"Expect: 100-continue, answered with {status}")
            {
                Serve = (http, _) =>
                {
                    http.Response.StatusCode = status;
                    return status == 200 ? Scenario.EchoAsync(http) : Task.CompletedTask;
                },
                Request = Scenario.Send(
                    "POST", static () => new StreamContent(new OneShot("abc")), static request =>
                        request.Headers.ExpectContinue = true),
            };
        }

        yield return new Scenario(Group, "a sized body, answered with 413 before it has come")
        {
            Serve = static (http, _) =>
            {
                http.Response.StatusCode = 413;
                return http.Response.WriteAsync("too much");
            },
            Request = Scenario.Send("POST", static () => new ByteArrayContent(new byte[2000])),
        };
        yield return new Scenario(Group, "a body that fails")
        {
            Serve = static (http, _) => Scenario.EchoAsync(http),
            Request = Scenario.Send("POST", static () => new StreamContent(new Broken())),
            Act = static async (caller, hosts) =>
            {
                using var request = Scenario.Send("POST", static () => new StreamContent(new Broken()))(hosts);
                return (await caller.SendAsync(request)).ToString();
            },
        };
    }

    private static IEnumerable<Scenario> ResponseBodies()
    {
        const string Group = "what responses have";
        foreach (var completion in Enum.GetValues<HttpCompletionOption>())
        {
            yield return new Scenario(Group, $"a length, {completion}") { Serve = Sized, Completion = completion };
            yield return new Scenario(Group, $"chunks, {completion}") { Serve = Chunked, Completion = completion };
            yield return new Scenario(Group, $"HEAD with a length, {completion}")
            {
                Serve = Sized,
                Request = Scenario.Send("HEAD"),
                Completion = completion,
            };
            yield return new Scenario(Group, $"204, {completion}") { Serve = Status(204), Completion = completion };
            yield return new Scenario(Group, $"trailers, {completion}") { Serve = Trailed, Completion = completion };
            yield return new Scenario(Group, $"trailers over HTTP/2, {completion}")
            {
                Serve = Trailed,
                Request = OverHttp2("/from"),
                Completion = completion,
            };
            yield return new Scenario(Group, $"a body that breaks off, {completion}")
            {
                Serve = BreakOff,
                Completion = completion,
            };
            yield return new Scenario(Group, $"more than the buffer limit, {completion}")
            {
                Serve = Sized,
                Client = static client => client.MaxResponseContentBufferSize = 3,
                Completion = completion,
            };
            yield return new Scenario(Group, $"a 500 that streams, {completion}")
            {
                Serve = static async (http, hosts) =>
                {
                    http.Response.StatusCode = 500;
                    await Chunked(http, hosts);
                },
                Completion = completion,
            };
            yield return new Scenario(Group, $"a message with its context, {completion}")
            {
                Serve = Sized,
                Act = async (caller, hosts) =>
                {
                    using var request = Scenario.Send("GET")(hosts);
                    using var response = await caller.SendMessageAsync(request, completion);
                    return await Recording.TextAsync(response);
                },
            };
        }

        yield return new Scenario(Group, "a 503 whose headers come before its body, with a handler that does nothing")
        {
            Serve = HeldBack,
            Handlers = static _ => [new Passing()],
            Act = static async (caller, hosts) =>
            {
                using var response = await caller.GetAsync(new Uri(hosts.First, "/held"), Headers);
                using var released = await caller.GetAsync(new Uri(hosts.First, "/release"));
                return await Recording.TextAsync(response);
            },
        };
        foreach (var status in (int[])[200, 404, 504])
        {
            yield return Read("a string", status, static async (caller, url) => await caller.GetStringAsync(url));
            yield return Read("bytes", status, static async (caller, url) =>
                Convert.ToHexString(await caller.GetByteArrayAsync(url)));
            yield return Read("a stream", status, static async (caller, url) =>
            {
                await using var stream = await caller.GetStreamAsync(url);
                using var reader = new StreamReader(stream);
                return await reader.ReadToEndAsync();
            });
            yield return Read("JSON", status, static async (caller, url) => $"{await caller.GetJsonAsync(url)}");
        }

        yield return new Scenario(Group, "headers of the content, one by one")
        {
            Serve = static (http, hosts) =>
            {
                http.Response.Headers.ContentType = "text/plain; charset=utf-8";
                http.Response.Headers.ContentLanguage = "de, en";
                http.Response.Headers.Expires = "never";
                return Sized(http, hosts);
            },
            Act = static async (caller, hosts) =>
            {
                using var response = await caller.GetAsync(new Uri(hosts.First, "/from"), Headers);
                var headers = response.Content.Headers;
                return $"{headers.Contains("Content-Length")} {headers.ContentType} {headers.ContentLanguage} {headers.Expires} "
                    + $"{headers} {headers.ContentLength} {headers}";
            },
        };
    }

    private static Scenario Read(string what, int status, Func<Caller, Uri, Task<string>> read) =>
        new("what responses have", $"{what} of {status}")
        {
            Serve = async (http, _) =>
            {
                http.Response.StatusCode = status;
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync("42");
            },
            Act = (caller, hosts) => read(caller, new Uri(hosts.First, "/from")),
        };

    private static Task Sized(HttpContext http, Hosts hosts)
    {
        http.Response.ContentLength = 5;
        return http.Request.Method == "HEAD" ? Task.CompletedTask : http.Response.WriteAsync("hello");
    }

    private static async Task Chunked(HttpContext http, Hosts hosts)
    {
        await http.Response.WriteAsync("first ");
        await http.Response.Body.FlushAsync();
        await http.Response.WriteAsync("second");
    }

    private static async Task Trailed(HttpContext http, Hosts hosts)
    {
        http.Response.DeclareTrailer("X-Sum");
        await http.Response.WriteAsync("text");
        http.Response.AppendTrailer("X-Sum", "7");
    }

    private static async Task BreakOff(HttpContext http, Hosts hosts)
    {
        // Kestrel closes the connection of a response that has less than its length, and does not abort it:
        // an abort could overtake what was sent before.
        http.Response.ContentLength = 100;
        await http.Response.WriteAsync("only this");
    }

    private static async Task HeldBack(HttpContext http, Hosts hosts)
    {
        if (http.Request.Path == "/release")
        {
            s_released.TrySetResult();
            return;
        }

        s_released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        http.Response.StatusCode = 503;
        await http.Response.WriteAsync("first ");
        await http.Response.Body.FlushAsync();
        await s_released.Task.WaitAsync(http.RequestAborted);
        await http.Response.WriteAsync("second");
    }

    private static TaskCompletionSource s_released = new();

    private static Func<HttpContext, Hosts, Task> Status(int status) => (http, _) =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private sealed class Passing : DelegatingHandler;

    private sealed class Broken : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("The disk is gone.");
    }
}
