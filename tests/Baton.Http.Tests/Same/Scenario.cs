namespace Baton.Http.Tests.Same;

/// <summary>One way in which clients are used, which is run plain and with Baton.</summary>
/// <param name="Group">The line of docs/http.md that it belongs to.</param>
/// <param name="Name">What is done.</param>
internal sealed record Scenario(string Group, string Name)
{
    /// <summary>What answers. By default 200 with the text <c>ok</c>.</summary>
    internal Func<HttpContext, Hosts, Task> Serve { get; init; } =
        static (http, _) => http.Response.WriteAsync("ok");

    /// <summary>The handler at the end of the chain.</summary>
    internal Func<Hosts, HttpMessageHandler> Primary { get; init; } = static _ => Hosts.Sockets();

    /// <summary>The application's own handlers, the outermost first.</summary>
    internal Func<Hosts, DelegatingHandler[]> Handlers { get; init; } = static _ => [];

    /// <summary>
    /// What else a client of a factory is given: a scenario that has it is not run with clients chained by
    /// hand.
    /// </summary>
    internal Action<IHttpClientBuilder, Hosts>? Builder { get; init; }

    /// <summary>The settings of the client.</summary>
    internal Action<HttpClient> Client { get; init; } = static _ => { };

    /// <summary>The request. By default a GET of <c>/from</c> on the first host.</summary>
    internal Func<Hosts, HttpRequestMessage> Request { get; init; } =
        static hosts => new HttpRequestMessage(HttpMethod.Get, new Uri(hosts.First, "/from"));

    internal HttpCompletionOption Completion { get; init; } = HttpCompletionOption.ResponseContentRead;

    /// <summary>What is done with the client, and what the caller sees of it. Null: sends the request.</summary>
    internal Func<Caller, Hosts, Task<string>>? Act { get; init; }

    /// <summary>Whether attempts run side by side, so that their order says nothing.</summary>
    internal bool IsParallel { get; init; }

    public override string ToString() => $"{Group}: {Name}";

    /// <summary>A redirect of <c>/from</c> to an address, which is answered with what it was asked.</summary>
    internal static Func<HttpContext, Hosts, Task> Redirect(int status, Func<Hosts, string> target) =>
        async (http, hosts) =>
        {
            if (http.Request.Path == "/from")
            {
                http.Response.StatusCode = status;
                http.Response.Headers.Location = target(hosts);
                return;
            }

            await EchoAsync(http);
        };

    /// <summary>Answers with the method and body of the request.</summary>
    internal static async Task EchoAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        await http.Response.WriteAsync($"{http.Request.Method} '{await reader.ReadToEndAsync()}'");
    }

    /// <summary>A request of <c>/from</c> on the first host.</summary>
    internal static Func<Hosts, HttpRequestMessage> Send(
        string method, Func<HttpContent>? content = null, Action<HttpRequestMessage>? set = null) => hosts =>
        {
            var request = new HttpRequestMessage(new HttpMethod(method), new Uri(hosts.First, "/from"))
            {
                Content = content?.Invoke(),
            };
            set?.Invoke(request);
            return request;
        };
}
