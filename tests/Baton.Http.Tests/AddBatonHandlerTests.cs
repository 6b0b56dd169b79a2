using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>The client of a factory, and where a call's context comes from.</summary>
public sealed class AddBatonHandlerTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Recorder _network = new();

    [Fact]
    public async Task A_call_that_is_given_no_context_has_the_current_requests()
    {
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", async (Context ctx, IHttpClientFactory clients) =>
            {
                using var response = await clients.CreateClient("orders").GetAsync("http://orders.internal/");
                return ctx.Remaining != Timeout.InfiniteTimeSpan;
            }),
            builder =>
            {
                builder.Services.AddHttpContextAccessor();
                builder.Services.AddHttpClient("orders")
                    .ConfigurePrimaryHttpMessageHandler(() => _network).AddBatonHandler();
            });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("grpc-timeout", "1H");

        using var response = await WaitFor.Result(server.Client.SendAsync(request));

        Assert.Equal("true", await response.Content.ReadAsStringAsync());
        Assert.NotNull(Assert.Single(_network.Timeouts));
    }

    [Fact]
    public async Task The_context_that_a_call_is_given_comes_first()
    {
        using var current = Timed(TimeSpan.FromSeconds(9));
        using var given = Timed(TimeSpan.FromSeconds(1));
        using var client = Client(options => options.ContextAccessor = new Current(current));
        using var message = new HttpRequestMessage(HttpMethod.Get, "http://orders.internal/");
        message.SetContext(given);

        using var first = await client.GetAsync(given, "http://orders.internal/");
        using var second = await client.SendAsync(message);
        using var third = await client.GetAsync("http://orders.internal/");

        Assert.Equal(["1S", "1S", "9S"], _network.Timeouts);
        Assert.True(message.TryGetContext(out var found));
        Assert.Same(given, found);
    }

    [Fact]
    public async Task A_token_that_can_be_told_gives_the_context_before_the_current_request()
    {
        using var current = Timed(TimeSpan.FromSeconds(9));
        using var ctx = Timed(TimeSpan.FromSeconds(1));
        var options = new BatonHttpOptions { ContextAccessor = new Current(current) };
        using var invoker = new HttpMessageInvoker(new BatonHandler(_network, options));
        using var message = new HttpRequestMessage(HttpMethod.Get, "http://orders.internal/");

        using var response = await invoker.SendAsync(message, ctx.Done);

        Assert.Equal("1S", Assert.Single(_network.Timeouts));
    }

    [Fact]
    public async Task The_token_of_a_call_of_HttpClient_cannot_be_told()
    {
        using var ctx = Timed(TimeSpan.FromSeconds(1));
        using var client = new HttpClient(new BatonHandler(_network));

        using var response = await client.GetAsync("http://orders.internal/", ctx.Done);

        Assert.Null(Assert.Single(_network.Timeouts));
    }

    [Fact]
    public async Task Without_the_handler_nothing_goes_along()
    {
        using var ctx = Timed(TimeSpan.FromSeconds(1));
        using var client = new HttpClient(_network);

        using var response = await client.GetAsync(ctx, "http://orders.internal/");

        Assert.Empty(Assert.Single(_network.Headers));
    }

    [Fact]
    public async Task A_call_outside_any_context_goes_out_as_it_is()
    {
        using var client = Client(options => options.MinRemaining = TimeSpan.FromHours(1));

        using var response = await client.GetAsync("http://orders.internal/");

        Assert.Empty(Assert.Single(_network.Headers));
    }

    [Fact]
    public async Task Options_are_the_clients_own_and_registered_values_go_along()
    {
        var tenant = new ContextKey<string>("tenant");
        var services = new ServiceCollection();
        services.AddSingleton(
            new ContextPropagation { SendTo = ["*"] }.Register(tenant, "x-tenant", ContextCodec.Text));
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => _network)
            .AddBatonHandler(options => options.Reserve = TimeSpan.FromSeconds(1));
        services.AddHttpClient("stock").ConfigurePrimaryHttpMessageHandler(() => _network).AddBatonHandler();
        var clients = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>();
        using var timed = Timed(TimeSpan.FromSeconds(5));
        var ctx = timed.WithValue(tenant, "acme");

        using var first = await clients.CreateClient("orders").GetAsync(ctx, "http://orders.internal/");
        using var second = await clients.CreateClient("stock").GetAsync(ctx, "http://stock.internal/");

        Assert.Equal(["4S", "5S"], _network.Timeouts);
        Assert.Equal(["acme", "acme"], _network.Headers.Select(headers => headers["x-tenant"]));
    }

    /// <summary>Some registrations of a client whose own reserve is 1 s, and whose hosts are its own.</summary>
    public static TheoryData<string> Registrations =>
        ["own", "own twice", "defaults, then own", "own, then defaults", "defaults only", "configured, then own"];

    [Theory]
    [MemberData(nameof(Registrations))]
    public async Task However_often_it_is_added_there_is_one_handler_and_the_clients_own_options_win(
        string registration)
    {
        using var client = Registered(registration);
        using var ctx = Timed(TimeSpan.FromSeconds(5));

        (await client.GetAsync(ctx, "http://orders.internal/")).Dispose();
        (await client.GetAsync(ctx, "http://elsewhere.internal/")).Dispose();

        Assert.Equal(["4S", null], _network.Timeouts);
        Assert.Equal(["insufficient_time"], await RefusedAsync(client));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void However_often_it_is_added_the_chain_has_one_handler(int times)
    {
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(static defaults => defaults.AddBatonHandler());
        var builder = services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => _network);
        for (var i = 0; i < times; i++)
        {
            builder.AddBatonHandler();
        }

        using var provider = services.BuildServiceProvider();
        var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders");
        var ours = new List<string>();
        for (; handler is DelegatingHandler { InnerHandler: { } inner }; handler = inner)
        {
            if (handler.GetType().Assembly == typeof(BatonHandler).Assembly)
            {
                ours.Add(handler.GetType().Name);
            }
        }

        Assert.Equal([nameof(BatonHandler)], ours);
    }

    [Fact]
    public async Task Added_twice_it_follows_a_loop_of_redirects_once()
    {
        await using var hosts = await Hosts.StartAsync();
        hosts.Serve = static http =>
        {
            http.Response.Redirect("/");
            return Task.CompletedTask;
        };
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(static defaults => defaults.AddBatonHandler());
        services.AddHttpClient("orders").AddBatonHandler();
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        using var response = await client.GetAsync(Context.Background, hosts.First);

        Assert.Equal(51, hosts.Arrivals.Length);
    }

    private static async Task<IEnumerable<string>> RefusedAsync(HttpClient client)
    {
        using var refusals = Refusals.Of("late.internal");
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMilliseconds(900));
        await Assert.ThrowsAsync<DeadlineExceededException>(() => client.GetAsync(ctx, "http://late.internal/"));
        return refusals.Counted;
    }

    private HttpClient Registered(string registration)
    {
        var services = new ServiceCollection();
        static void Own(BatonHttpOptions options)
        {
            options.Reserve = TimeSpan.FromSeconds(1);
            options.DeadlineHosts = ["orders.internal"];
        }

        static void Others(BatonHttpOptions options)
        {
            options.Reserve = TimeSpan.FromSeconds(3);
            options.DeadlineHosts = ["elsewhere.internal"];
        }

        void Defaults(Action<BatonHttpOptions> configure) =>
            services.ConfigureHttpClientDefaults(defaults => defaults.AddBatonHandler(configure));
        var builder = services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => _network);
        _ = registration switch
        {
            "own" => Do(() => builder.AddBatonHandler(Own)),
            "own twice" => Do(() => builder.AddBatonHandler(Others).AddBatonHandler(Own)),
            "defaults, then own" => Do(() => Defaults(Others), () => builder.AddBatonHandler(Own)),
            "own, then defaults" => Do(() => builder.AddBatonHandler(Own), () => Defaults(Others)),
            "defaults only" => Do(() => Defaults(Own)),
            _ => Do(
                () => services.Configure<BatonHttpOptions>("orders", Others), () => builder.AddBatonHandler(Own)),
        };
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("orders");
    }

    private static bool Do(params Action[] acts)
    {
        Array.ForEach(acts, static act => act());
        return true;
    }

    private HttpClient Client(Action<BatonHttpOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => _network)
            .AddBatonHandler(configure);
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>()
            .CreateClient("orders");
    }

    private CancelableContext Timed(TimeSpan timeout) =>
        Context.Root(_clock).WithTimeout(timeout);

    private sealed class Current(Context ctx) : IContextAccessor
    {
        Context? IContextAccessor.Current => ctx;
    }
}
