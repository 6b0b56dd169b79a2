using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

public sealed class RedirectTests
{
    private static readonly ContextKey<string> s_tenant = new("tenant");

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Each_hop_is_told_what_is_left_by_then()
    {
        using var network = new Redirecting(_clock, "http://a.internal/next", "http://b.internal/last");
        using var client = new HttpClient(new BatonHandler(network));
        using var ctx = Timed();

        using var response = await client.GetAsync(ctx, "http://a.internal/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["1S", "900m", "800m"], network.Timeouts);
        Assert.Equal(new Uri("http://b.internal/last"), response.RequestMessage!.RequestUri);
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_is_told_nothing()
    {
        var propagation = new ContextPropagation { SendTo = ["*.internal"] }.Register(
            s_tenant, "x-tenant", ContextCodec.Text);
        using var network = new Redirecting(_clock, "http://elsewhere.example/", "http://b.internal/");
        using var client = new HttpClient(
            new BatonHandler(
                network, new BatonHttpOptions { SendTo = ["*.internal"], Propagation = propagation }));
        using var ctx = Timed();

        using var response = await client.GetAsync(ctx.WithValue(s_tenant, "acme"), "http://a.internal/");

        Assert.Equal(["1S", null, "800m"], network.Timeouts);
        Assert.Equal(["acme", null, "acme"], network.Tenants);
    }

    [Fact]
    public async Task A_redirect_that_comes_when_the_time_is_up_is_not_followed()
    {
        using var network = new Redirecting(_clock, [.. Enumerable.Repeat("http://a.internal/", 20)]);
        using var client = new HttpClient(new BatonHandler(network));
        using var ctx = Timed();

        await Assert.ThrowsAsync<DeadlineExceededException>(() => client.GetAsync(ctx, "http://a.internal/"));

        Assert.Equal(10, network.Timeouts.Count);
    }

    [Fact]
    public async Task A_call_without_a_context_is_redirected_too()
    {
        using var network = new Redirecting(_clock, "/next");
        using var client = new HttpClient(new BatonHandler(network));

        using var response = await client.GetAsync("http://a.internal/");

        Assert.Equal(new Uri("http://a.internal/next"), response.RequestMessage!.RequestUri);
        Assert.Equal([null, null], network.Timeouts);
    }

    /// <summary>What follows redirects otherwise, and Baton, on the same answers of a real server.</summary>
    [Theory]
    [InlineData(301, "POST")]
    [InlineData(302, "POST")]
    [InlineData(302, "PUT")]
    [InlineData(303, "PUT")]
    [InlineData(303, "HEAD")]
    [InlineData(307, "POST")]
    [InlineData(308, "GET")]
    [InlineData(300, "GET")]
    [InlineData(304, "GET")]
    public async Task The_rules_are_those_of_the_handler_that_follows_otherwise(int status, string method)
    {
        await using var server = await Server.StartBareAsync(app =>
        {
            app.Map("/from", (HttpContext http) =>
            {
                http.Response.StatusCode = status;
                http.Response.Headers.Location = "/to?x=1";
            });
            app.Map("/to", async (HttpContext http) =>
            {
                using var reader = new StreamReader(http.Request.Body);
                http.Response.Headers["Seen"] =
                    $"{http.Request.Method} '{await reader.ReadToEndAsync()}' {http.Request.Headers.Authorization} {http.Request.QueryString}";
            });
        });
        using var plain = new HttpClient(new SocketsHttpHandler());
        using var ours = new HttpClient(new BatonHandler(new SocketsHttpHandler()));

        Assert.Equal(await SeenAsync(plain), await SeenAsync(ours));

        async Task<string> SeenAsync(HttpClient client)
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(method), new Uri(server.Client.BaseAddress!, "/from#part"));
            request.Headers.Authorization = new("Bearer", "secret");
            if (method is "POST" or "PUT")
            {
                request.Content = new StringContent("body");
            }

            using var response = await client.SendAsync(Context.Background, request);
            var seen = response.Headers.TryGetValues("Seen", out var values) ? values.Single() : "nothing";
            return $"{(int)response.StatusCode} {response.RequestMessage!.RequestUri} {seen}";
        }
    }

    [Fact]
    public async Task As_many_redirects_are_followed_as_the_handler_allows()
    {
        var asked = 0;
        await using var server = await Server.StartBareAsync(app =>
            app.MapGet("/", () =>
            {
                asked++;
                return Results.Redirect("/");
            }));
        using var client = new HttpClient(
            new BatonHandler(new SocketsHttpHandler { MaxAutomaticRedirections = 3 }));

        using var response = await client.GetAsync(Context.Background, server.Client.BaseAddress);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task A_redirect_from_https_to_http_is_not_followed()
    {
        using var network = new Redirecting(_clock, "http://a.internal/");
        using var client = new HttpClient(new BatonHandler(network));

        using var response = await client.GetAsync(Context.Background, "https://a.internal/");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Single(network.Timeouts);
    }

    [Fact]
    public async Task A_handler_of_another_kind_is_left_as_it_is()
    {
        using var network = new Recorder(static (_, _) => new HttpResponseMessage(HttpStatusCode.Redirect)
        {
            Headers = { Location = new Uri("http://b.internal/") },
        });
        using var client = new HttpClient(new BatonHandler(network));

        using var response = await client.GetAsync(Context.Background, "http://a.internal/");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Single(network.Addresses);
    }

    [Fact]
    public void A_handler_that_follows_redirects_and_has_been_used_is_refused()
    {
        using var used = new SocketsHttpHandler();
        using var client = new HttpMessageInvoker(used, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/");
        Assert.Throws<HttpRequestException>(() => client.Send(request, CancellationToken.None));

        var error = Assert.Throws<InvalidOperationException>(() => new BatonHandler(used));

        Assert.Contains("AllowAutoRedirect = false", error.Message, StringComparison.Ordinal);
    }

    private CancelableContext Timed() =>
        Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1));

    /// <summary>
    /// Stands in for a network, and for its handler, which follows redirects. Each answer takes a tenth of a
    /// second.
    /// </summary>
    private sealed class Redirecting(FakeTimeProvider clock, params string[] targets) : HttpClientHandler
    {
        private int _answered;

        internal List<string?> Timeouts { get; } = [];

        internal List<string?> Tenants { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.False(AllowAutoRedirect);
            Timeouts.Add(
                request.Headers.TryGetValues("grpc-timeout", out var timeouts) ? timeouts.Single() : null);
            Tenants.Add(request.Headers.TryGetValues("x-tenant", out var tenants) ? tenants.Single() : null);
            clock.Advance(TimeSpan.FromMilliseconds(100));
            var response = new HttpResponseMessage(
                _answered < targets.Length ? HttpStatusCode.Redirect : HttpStatusCode.OK)
            {
                RequestMessage = request,
            };
            if (_answered < targets.Length)
            {
                response.Headers.Location = new Uri(targets[_answered++], UriKind.RelativeOrAbsolute);
            }

            return Task.FromResult(response);
        }
    }
}
