using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>
/// Who is told what over redirects, which the handler at the end of the chain follows. That it follows them as
/// it does without Baton is for <c>SameTests</c>.
/// </summary>
public sealed class RedirectTests : IAsyncLifetime
{
    private static readonly ContextKey<string> s_tenant = new("tenant");

    private readonly FakeTimeProvider _clock = new();
    private readonly BatonHttpOptions _limited = new()
    {
        DeadlineHosts = ["127.0.0.1"],
        Propagation = new ContextPropagation { SendTo = ["127.0.0.1"] }.Register(
            s_tenant, "x-tenant", ContextCodec.Text),
    };

    private Hosts _hosts = null!;

    public async ValueTask InitializeAsync()
    {
        _hosts = await Hosts.StartAsync();
        _hosts.Serve = http =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            var (status, target) = http.Request.Path.Value switch
            {
                "/away" => (302, new Uri(_hosts.Second, "/back")),
                "/back" => (302, new Uri(_hosts.First, "/end")),
                "/near" => (302, new Uri(_hosts.First, "/end")),
                "/unavailable" => (503, null),
                "/gone" => (302, new Uri(_hosts.Second, "/unavailable")),
                _ => (200, null),
            };
            http.Response.StatusCode = status;
            http.Response.Headers.Location = target?.ToString();
            return Task.CompletedTask;
        };
    }

    public ValueTask DisposeAsync() => _hosts.DisposeAsync();

    public static TheoryData<string> Primaries => ["sockets", "client", "sockets without proxy", "a chain"];

    [Theory]
    [MemberData(nameof(Primaries))]
    public async Task A_host_that_is_not_allowed_is_told_nothing(string primary)
    {
        using var client = new HttpClient(new BatonHandler(Primary(primary), _limited));
        using var ctx = Timed();

        using var response = await client.GetAsync(
            ctx.WithValue(s_tenant, "acme"), new Uri(_hosts.First, "/away"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["1S", null, "800m"], Seen("grpc-timeout"));
        Assert.Equal(["acme", null, "acme"], Seen("x-tenant"));
        Assert.Empty(response.RequestMessage!.Headers);
    }

    [Theory]
    [MemberData(nameof(Primaries))]
    public void A_host_that_is_not_allowed_is_told_nothing_by_a_call_that_blocks_its_thread(string primary)
    {
        using var client = new HttpClient(new BatonHandler(Primary(primary), _limited));
        using var ctx = Timed();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_hosts.First, "/away"));
        request.SetContext(ctx.WithValue(s_tenant, "acme"));

        using var response = client.Send(request);

        Assert.Equal(["1S", null, "800m"], Seen("grpc-timeout"));
        Assert.Equal(["acme", null, "acme"], Seen("x-tenant"));
    }

    [Fact]
    public async Task A_redirect_within_a_host_tells_it_again()
    {
        using var client = new HttpClient(new BatonHandler(new SocketsHttpHandler(), _limited));
        using var ctx = Timed();

        using var response = await client.GetAsync(
            ctx.WithValue(s_tenant, "acme"), new Uri(_hosts.First, "/near"));

        Assert.Equal(["1S", "900m"], Seen("grpc-timeout"));
        Assert.Equal(["acme", "acme"], Seen("x-tenant"));
    }

    [Fact]
    public async Task A_retry_of_a_request_that_was_redirected_elsewhere_tells_nothing()
    {
        var services = new ServiceCollection();
        services.AddHttpClient("orders").AddHttpMessageHandler(static () => new Again())
            .AddBatonHandler(options =>
                (options.DeadlineHosts, options.Propagation) = (_limited.DeadlineHosts, _limited.Propagation));
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        using var ctx = Timed();

        using var response = await client.GetAsync(
            ctx.WithValue(s_tenant, "acme"), new Uri(_hosts.First, "/gone"));

        Assert.Equal(["127.0.0.1", "localhost", "localhost"], _hosts.Arrivals.Select(seen => seen.Host));
        Assert.Equal(["1S", null, null], Seen("grpc-timeout"));
        Assert.Equal(["acme", null, null], Seen("x-tenant"));
    }

    [Fact]
    public async Task Where_the_flow_of_execution_is_suppressed_nothing_is_told()
    {
        using var client = new HttpMessageInvoker(
            new BatonHandler(new Elsewhere { InnerHandler = new SocketsHttpHandler() }, _limited));
        using var ctx = Timed();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_hosts.First, "/away"));
        request.SetContext(ctx.WithValue(s_tenant, "acme"));

        using var response = await client.SendAsync(request, CancellationToken.None);

        Assert.Equal([null, null, null], Seen("x-tenant"));
    }

    [Fact]
    public async Task A_call_that_a_handler_makes_of_its_own_on_the_way_is_told_nothing()
    {
        using var own = new HttpMessageInvoker(new BatonHandler(new SocketsHttpHandler(), _limited));
        using var client = new HttpClient(new BatonHandler(
            new Asking(own, new Uri(_hosts.First, "/token")) { InnerHandler = new SocketsHttpHandler() }, _limited));
        using var ctx = Timed();

        using var response = await client.GetAsync(
            ctx.WithValue(s_tenant, "acme"), new Uri(_hosts.First, "/end"));

        Assert.Equal(["/token", "/end"], _hosts.Arrivals.Select(seen => seen.Path));
        Assert.Equal([null, "acme"], Seen("x-tenant"));
    }

    [Fact]
    public async Task If_all_hosts_are_told_the_handler_is_left_as_it_is_and_a_redirect_carries_the_first_time()
    {
        using var sockets = new SocketsHttpHandler();
        using var client = new HttpClient(new BatonHandler(sockets));
        using var ctx = Timed();

        using var response = await client.GetAsync(ctx, new Uri(_hosts.First, "/away"));

        Assert.Equal(["1S", "1S", "1S"], Seen("grpc-timeout"));
        Assert.Null(sockets.Proxy);
    }

    [Fact]
    public async Task The_proxy_of_the_application_is_asked_as_before()
    {
        using var primary = Hosts.Sockets();
        using var client = new HttpClient(new BatonHandler(primary, _limited));

        // Set after Baton took its place.
        primary.Proxy = new WebProxy(_hosts.Second) { BypassProxyOnLocal = false };
        using var ctx = Timed();

        using var response = await client.GetAsync(
            ctx.WithValue(s_tenant, "acme"), new Uri("http://orders.invalid/end"));
        using var second = await client.GetAsync(
            ctx.WithValue(s_tenant, "acme"), new Uri("http://127.0.0.1:9/end"));

        Assert.Equal(["orders.invalid", "127.0.0.1"], _hosts.Arrivals.Select(seen => seen.Host));
        Assert.Equal([null, "acme"], Seen("x-tenant"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hosts_are_named_as_the_application_names_them_before_service_discovery(bool isAllowed)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["services:orders:http:0"] = _hosts.First.ToString() }).Build());
        services.AddServiceDiscovery();
        services.AddHttpClient("orders").AddServiceDiscovery().AddBatonHandler(options =>
        {
            options.DeadlineHosts = [isAllowed ? "orders" : "127.0.0.1"];
            options.Propagation = new ContextPropagation { SendTo = options.DeadlineHosts }.Register(
                s_tenant, "x-tenant", ContextCodec.Text);
        });
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        using var ctx = Timed();

        using var response = await client.GetAsync(ctx.WithValue(s_tenant, "acme"), "http://orders/end");

        Assert.Equal(isAllowed ? "1S" : null, Assert.Single(Seen("grpc-timeout")));
        Assert.Equal(isAllowed ? "acme" : null, Assert.Single(Seen("x-tenant")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_has_been_used_is_refused_if_it_follows_redirects(bool follows)
    {
        using var used = new SocketsHttpHandler { AllowAutoRedirect = follows };
        using (var plain = new HttpClient(used, disposeHandler: false))
        {
            (await plain.GetAsync(new Uri(_hosts.First, "/end"))).Dispose();
        }

        using var all = new BatonHandler(used);
        if (follows)
        {
            var error = Assert.Throws<InvalidOperationException>(() => new BatonHandler(used, _limited));
            Assert.Contains("AllowAutoRedirect = false", error.Message, StringComparison.Ordinal);
            return;
        }

        using var client = new HttpClient(new BatonHandler(used, _limited));
        using var ctx = Timed();
        using var response = await client.GetAsync(
            ctx.WithValue(s_tenant, "acme"), new Uri(_hosts.First, "/away"));
        Assert.Equal([null, "acme"], Seen("x-tenant"));
    }

    private static HttpMessageHandler Primary(string kind) => kind switch
    {
        "sockets" => new SocketsHttpHandler(),
        "client" => new HttpClientHandler(),
        "sockets without proxy" => new SocketsHttpHandler { UseProxy = false },
        _ => new Again { InnerHandler = new SocketsHttpHandler() },
    };

    private string?[] Seen(string header) => [.. _hosts.Arrivals.Select(seen => seen[header])];

    private CancelableContext Timed() => Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1));

    /// <summary>Sends once more what was answered with 503.</summary>
    private sealed class Again : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            return response.StatusCode == HttpStatusCode.ServiceUnavailable
                ? await base.SendAsync(request, cancellationToken)
                : response;
        }
    }

    /// <summary>Sends from a thread that knows nothing of the call.</summary>
    private sealed class Elsewhere : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using (ExecutionContext.SuppressFlow())
            {
                return Task.Run(() => base.SendAsync(request, cancellationToken), cancellationToken);
            }
        }
    }

    /// <summary>Fetches something first, without a context.</summary>
    private sealed class Asking(HttpMessageInvoker own, Uri address) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var first = new HttpRequestMessage(HttpMethod.Get, address);
            (await own.SendAsync(first, cancellationToken)).Dispose();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
