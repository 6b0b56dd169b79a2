namespace Baton.Http.Tests.Same;

/// <summary>How a client is made, and how it is called.</summary>
public enum Manner
{
    PlainByHand,
    PlainOfFactory,
    ByHand,
    ByHandWithContext,
    ByHandWithContextForSomeHosts,
    OfFactory,
    OfFactoryWithContext,
    OfFactoryWithContextForSomeHosts,
}

/// <summary>The client of one scenario in one manner, and what it hangs on.</summary>
internal sealed class Clients : IAsyncDisposable
{
    internal static readonly ContextKey<string> Tenant = new("tenant");

    private readonly Manner _manner;
    private readonly ServiceProvider? _services;

    internal Clients(Scenario scenario, Manner manner, Hosts hosts)
    {
        _manner = manner;
        if (manner is Manner.PlainOfFactory or >= Manner.OfFactory)
        {
            _services = Services(scenario, manner, hosts);
            Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        }
        else
        {
            Client = new HttpClient(Chain(scenario, manner, hosts));
            scenario.Client(Client);
        }
    }

    internal HttpClient Client { get; }

    /// <summary>The context that calls are given; null if they are given none.</summary>
    internal Context? ContextOf(Context ctx) => _manner switch
    {
        Manner.PlainByHand or Manner.PlainOfFactory or Manner.ByHand or Manner.OfFactory => null,
        _ => ctx.WithValue(Tenant, "acme"),
    };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }

    private static bool IsForSomeHosts(Manner manner) =>
        manner is Manner.ByHandWithContextForSomeHosts or Manner.OfFactoryWithContextForSomeHosts;

    private static void ForSomeHosts(BatonHttpOptions options)
    {
        options.DeadlineHosts = ["127.0.0.1"];
        options.Propagation = new ContextPropagation { SendTo = ["127.0.0.1"] }.Register(
            Tenant, "x-tenant", ContextCodec.Text);
    }

    private static HttpMessageHandler Chain(Scenario scenario, Manner manner, Hosts hosts)
    {
        var handler = scenario.Primary(hosts);
        if (manner != Manner.PlainByHand)
        {
            var options = new BatonHttpOptions();
            if (IsForSomeHosts(manner))
            {
                ForSomeHosts(options);
            }

            handler = new BatonHandler(handler, options);
        }

        foreach (var outer in scenario.Handlers(hosts).Reverse())
        {
            outer.InnerHandler = handler;
            handler = outer;
        }

        return handler;
    }

    private static ServiceProvider Services(Scenario scenario, Manner manner, Hosts hosts)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var builder = services.AddHttpClient("orders", scenario.Client)
            .ConfigurePrimaryHttpMessageHandler(() => scenario.Primary(hosts))
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) =>
            {
                foreach (var handler in scenario.Handlers(hosts))
                {
                    handlers.Add(handler);
                }
            });
        if (manner != Manner.PlainOfFactory)
        {
            builder.AddBatonHandler(options =>
            {
                if (IsForSomeHosts(manner))
                {
                    ForSomeHosts(options);
                }
            });
        }

        scenario.Builder?.Invoke(builder, hosts);
        return services.BuildServiceProvider();
    }
}
