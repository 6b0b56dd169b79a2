using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using ForwardedHeaders = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders;

namespace Baton.Http.Tests;

/// <summary>Values of a context, from a client's handler to a server's request.</summary>
public sealed class ValueTests
{
    private static readonly ContextKey<string> s_tenant = new("tenant");
    private static readonly ContextKey<int> s_attempt = new("attempt");
    private static readonly ContextKey<string> s_region = new("region");
    private static readonly IPNetwork s_loopback = IPNetwork.Parse("127.0.0.0/8");

    [Fact]
    public async Task Values_cross_to_a_service_that_believes_its_caller()
    {
        var propagation = Registered(["127.0.0.1"], [s_loopback]);
        await using var server = await StartAsync(propagation);
        using var client = Client(propagation);

        var seen = await client.GetStringAsync(Valued(), server.Client.BaseAddress);

        Assert.Equal("tenant=Zürich, \"1\"\r\n; attempt=7; region=eu=1;2", seen);
    }

    [Fact]
    public async Task A_service_that_does_not_know_its_caller_takes_nothing()
    {
        await using var server = await StartAsync(Registered([], [IPNetwork.Parse("10.0.0.0/8")]));
        using var client = Client(Registered(["*"], []));

        Assert.Equal(
            "tenant=; attempt=0; region=", await client.GetStringAsync(Valued(), server.Client.BaseAddress));
    }

    [Fact]
    public async Task By_default_nothing_is_sent_and_nothing_is_taken()
    {
        await using var server = await StartAsync(Registered([], []));
        using var client = Client(Registered([], []));
        using var talkative = Client(Registered(["*"], []));

        Assert.Equal(
            "tenant=; attempt=0; region=", await client.GetStringAsync(Valued(), server.Client.BaseAddress));
        Assert.Equal("tenant=; attempt=0; region=", await talkative.GetStringAsync(
            Valued(), server.Client.BaseAddress));
    }

    [Theory]
    [InlineData("X-Tenant: acme\r\n", "acme")]
    [InlineData("X-Tenant: %C3%A9\r\n", "é")]
    [InlineData("X-Tenant: 100%\r\n", "100%")]
    [InlineData("X-Tenant: acme\r\nX-Tenant: other\r\n", "")]
    [InlineData("X-Tenant: %FF\r\n", "")]
    [InlineData("X-Other: acme\r\n", "")]
    public async Task A_header_of_a_caller_that_is_believed_is_read_or_dropped(string headers, string tenant)
    {
        await using var server = await StartAsync(Registered([], [s_loopback]));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);

        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"));

        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        Assert.Contains(
            $"tenant={tenant};", await WaitFor.Result(reader.ReadToEndAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_application_adds_comes_on_top_of_what_the_caller_sent()
    {
        var propagation = Registered(["*"], [s_loopback]);
        await using var server = await StartAsync(
            propagation, options =>
                options.ConfigureContext = (_, ctx) => ctx.WithValue(s_region, ctx.Value(s_tenant) + "!"));
        using var client = Client(propagation);

        var seen = await client.GetStringAsync(
            Context.Background.WithValue(s_tenant, "acme").WithValue(s_region, "eu"),
            server.Client.BaseAddress);

        Assert.Equal("tenant=acme; attempt=0; region=acme!", seen);
    }

    [Theory]
    [InlineData(true, "acme")]
    [InlineData(false, "")]
    public async Task Behind_a_proxy_the_caller_is_the_one_that_UseForwardedHeaders_finds(
        bool isUsed, string tenant)
    {
        var propagation = Registered([], [IPNetwork.Parse("10.0.0.0/8")]);
        await using var server = await Server.StartBareAsync(
            app =>
            {
                if (isUsed)
                {
                    app.UseForwardedHeaders(
                        new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor });
                }

                app.UseBaton();
                app.MapGet("/", static (Context ctx) => ctx.Value(s_tenant) ?? "");
            },
            builder => builder.Services.AddSingleton(propagation));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Client.BaseAddress);
        request.Headers.Add("x-forwarded-for", "10.1.2.3");
        request.Headers.Add("x-tenant", "acme");

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(tenant, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_caller_over_a_Unix_socket_is_not_believed()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var builder = Server.Builder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path));
        builder.Services.AddBaton().AddSingleton(
            Registered([], [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")]));
        await using var app = builder.Build();
        app.UseBaton();
        app.MapGet("/", static (Context ctx) => $"tenant={ctx.Value(s_tenant)}");
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        client.DefaultRequestHeaders.Add("x-tenant", "acme");

        Assert.Equal("tenant=", await WaitFor.Result(client.GetStringAsync("http://orders.internal/")));

        await app.StopAsync();
        File.Delete(path);
    }

    [Fact]
    public async Task The_application_may_decide_by_something_else_whom_it_believes()
    {
        var propagation = Registered(["*"], []);
        await using var server = await StartAsync(
            propagation, options => options.ConfigureContext = (http, ctx) => propagation.Extract(
                ctx, http.Request.Headers, static (headers, name) => headers[name]));
        using var client = Client(propagation);

        var seen = await client.GetStringAsync(Valued(), server.Client.BaseAddress);

        Assert.StartsWith("tenant=Zürich", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_the_caller_has_set_itself_stays()
    {
        var network = new Recorder();
        using var client = new HttpClient(
            new BatonHandler(network, new BatonHttpOptions { Propagation = Registered(["*"], []) }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders.internal/");
        request.Headers.Add("x-tenant", "mine");

        using var response = await client.SendAsync(Valued(), request);

        Assert.Equal("mine", Assert.Single(network.Headers)["x-tenant"]);
        Assert.Equal("mine", request.Headers.GetValues("x-tenant").Single());
    }

    private static ContextPropagation Registered(
        IReadOnlyList<string> sendTo, IReadOnlyList<IPNetwork> acceptFrom) =>
        new ContextPropagation { SendTo = sendTo, AcceptFrom = acceptFrom }
            .Register(s_tenant, "X-Tenant", ContextCodec.Text)
            .Register(s_attempt, "x-attempt", ContextCodec.Parsable<int>())
            .RegisterBaggage(s_region, "region", ContextCodec.Text);

    private static Context Valued() => Context.Background
        .WithValue(s_tenant, "Zürich, \"1\"\r\n")
        .WithValue(s_attempt, 7)
        .WithValue(s_region, "eu=1;2");

    private static HttpClient Client(ContextPropagation propagation) =>
        new(new BatonHandler(new SocketsHttpHandler(), new BatonHttpOptions { Propagation = propagation }));

    private static Task<Server> StartAsync(
        ContextPropagation propagation, Action<Baton.AspNetCore.BatonOptions>? configure = null) =>
            Server.StartAsync(
                app => app.MapGet("/", (Context ctx) =>
                    $"tenant={ctx.Value(s_tenant)}; attempt={ctx.Value(s_attempt)}; region={ctx.Value(s_region)}"),
                builder =>
                {
                    builder.Services.AddSingleton(propagation);
                    if (configure is not null)
                    {
                        builder.Services.Configure(configure);
                    }
                });
}
