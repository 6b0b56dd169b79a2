using Grpc.Net.ClientFactory;
using Microsoft.Extensions.Options;

namespace Baton.Grpc.Tests;

/// <summary>The interceptor in clients of a factory, registered in every way.</summary>
public sealed class ClientFactoryTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly ServiceCollection _services = new();

    [Fact]
    public async Task Registered_twice_there_is_one_interceptor_and_the_later_options_win()
    {
        await using var server = await ProbeServer.StartAsync();
        var left = Lefts(server);
        using var first = Context.Background.WithTimeout(s_hour);
        using var second = Context.Background.WithTimeout(2 * s_hour);
        Client(server)
            .AddBatonInterceptor(options => options.ContextAccessor = new Found(first))
            .AddBatonInterceptor(options => options.ContextAccessor = new Found(second));

        await CallAsync();

        Assert.Equal(2, Assert.Single(left), 0.01);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_one_for_all_clients_there_is_one_interceptor_and_the_clients_own_options_win(
        bool ownIsFirst)
    {
        await using var server = await ProbeServer.StartAsync();
        var left = Lefts(server);
        using var all = Context.Background.WithTimeout(s_hour);
        using var own = Context.Background.WithTimeout(2 * s_hour);
        Action[] registrations =
        [
            () => Client(server).AddBatonInterceptor(options => options.ContextAccessor = new Found(own)),
            () => _services.ConfigureHttpClientDefaults(client => client.AddBatonInterceptor(
                options => options.ContextAccessor = new Found(all))),
        ];

        foreach (var register in ownIsFirst ? registrations : registrations.Reverse())
        {
            register();
        }

        await CallAsync();

        Assert.Equal(2, Assert.Single(left), 0.01);
    }

    [Fact]
    public async Task One_for_all_clients_is_enough()
    {
        await using var server = await ProbeServer.StartAsync();
        var left = Lefts(server);
        using var all = Context.Background.WithTimeout(s_hour);
        Client(server);
        _services.ConfigureHttpClientDefaults(client => client.AddBatonInterceptor(
            options => options.ContextAccessor = new Found(all)));

        await CallAsync();

        Assert.Equal(1, Assert.Single(left), 0.01);
    }

    [Fact]
    public async Task It_is_closest_to_the_wire_wherever_it_was_added()
    {
        await using var server = await ProbeServer.StartAsync();
        var left = Lefts(server);
        using var ctx = Context.Background.WithTimeout(s_hour);
        var watching = new Watching();
        Client(server)
            .AddBatonInterceptor(options => options.ContextAccessor = new Found(ctx))
            .AddInterceptor(() => watching);

        await CallAsync();

        Assert.Null(watching.Options.Deadline);
        Assert.Single(left);
    }

    [Fact]
    public async Task Another_client_has_none()
    {
        await using var server = await ProbeServer.StartAsync();
        Client(server).AddBatonInterceptor();
        _services.AddGrpcClient<Probe.ProbeClient>("other", client => client.Address = server.Address);
        await using var provider = _services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptionsMonitor<GrpcClientFactoryOptions>>();

        Assert.Single(options.Get(nameof(Probe.ProbeClient)).InterceptorRegistrations);
        Assert.Empty(options.Get("other").InterceptorRegistrations);
    }

    [Fact]
    public void A_client_that_is_none_of_gRPCs_is_refused()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() =>
            _services.AddHttpClient("orders").AddBatonInterceptor());

        Assert.Contains("'orders'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AddBatonHandler()", refusal.Message, StringComparison.Ordinal);
    }

    private IHttpClientBuilder Client(ProbeServer server) =>
        _services.AddGrpcClient<Probe.ProbeClient>(client => client.Address = server.Address);

    private async Task CallAsync()
    {
        await using var provider = _services.BuildServiceProvider();
        await WaitFor.Result(
            provider.GetRequiredService<Probe.ProbeClient>().UnaryAsync(new Note()).ResponseAsync);
    }

    /// <summary>The hours that remain for each call, as the service is told.</summary>
    private static List<double> Lefts(ProbeServer server)
    {
        var lefts = new List<double>();
        server.Methods.Unary = (note, call) =>
        {
            lefts.Add(call.RequestContext.Remaining.TotalHours);
            return Task.FromResult(note);
        };
        return lefts;
    }

    private sealed class Found(Context ctx) : IContextAccessor
    {
        public Context? Current => ctx;
    }
}
