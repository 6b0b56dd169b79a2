using System.Net;
using Chain;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Baton.Overload;

/// <summary>
/// The chain of <c>samples/chain</c>, gateway, orders and stock, in a manner: the difference is to be read
/// here.
/// </summary>
internal static class ChainApps
{
    internal static async Task<WebApplication> StartStockAsync(Manner manner, Resource resource)
    {
        var builder = Builder(manner, HttpProtocols.Http2);
        builder.Services.AddSingleton(new Shelves(manner, resource));
        var grpc = builder.Services.AddGrpc();
        if (manner.IsBaton())
        {
            grpc.AddBatonInterceptor();
        }

        var app = Build(builder, manner);
        app.MapGrpcService<Shelves>();
        await app.StartAsync();
        return app;
    }

    internal static async Task<WebApplication> StartOrdersAsync(Manner manner, string stock)
    {
        var builder = Builder(manner);
        var client = builder.Services
            .AddGrpcClient<Stock.StockClient>(client => client.Address = new Uri(stock))
            .ConfigurePrimaryHttpMessageHandler(static () =>
                new SocketsHttpHandler { EnableMultipleHttp2Connections = true });
        if (manner.IsBaton())
        {
            client.AddBatonInterceptor();
        }

        var app = Build(builder, manner);
        Delegate handler = manner switch
        {
            Manner.Timeouts => static (int id, Stock.StockClient stock) => OrTooLateAsync(async () =>
                (await stock.ReserveAsync(
                    new Item { Id = id }, deadline: DateTime.UtcNow + Times.Hop)).Shelf),
            Manner.Tokens => static (int id, Stock.StockClient stock, CancellationToken aborted) =>
                OrTooLateAsync(async () =>
                    (await stock.ReserveAsync(new Item { Id = id }, deadline: DateTime.UtcNow + Times.Hop,
                        cancellationToken: aborted)).Shelf),
            _ => static async (int id, Stock.StockClient stock, Context ctx) =>
                (await stock.ReserveAsync(new Item { Id = id }, ctx.ToCallOptions())).Shelf,
        };
        app.MapGet("/orders/{id}", handler);
        await app.StartAsync();
        return app;
    }

    internal static async Task<WebApplication> StartGatewayAsync(Manner manner, string orders)
    {
        var builder = Builder(manner);
        var client = builder.Services.AddHttpClient("orders", client =>
        {
            client.BaseAddress = new Uri(orders);
            client.Timeout = manner.IsBaton() ? Timeout.InfiniteTimeSpan : Times.Hop;
        });
        if (manner.IsBaton())
        {
            client.AddBatonHandler(static options => options.Reserve = Times.Reserve);
        }

        var app = Build(builder, manner);
        Delegate handler = manner switch
        {
            Manner.Timeouts => static (int id, IHttpClientFactory clients) => OrTooLateAsync(() =>
                clients.CreateClient("orders").GetStringAsync($"/orders/{id}", CancellationToken.None)),
            Manner.Tokens =>
                static (int id, IHttpClientFactory clients, CancellationToken aborted) => OrTooLateAsync(() =>
                    clients.CreateClient("orders").GetStringAsync($"/orders/{id}", aborted)),
            _ => static (int id, IHttpClientFactory clients, Context ctx) =>
                clients.CreateClient("orders").GetStringAsync(ctx, $"/orders/{id}"),
        };
        app.MapGet("/checkout/{id}", handler);
        await app.StartAsync();
        return app;
    }

    private static WebApplicationBuilder Builder(Manner manner, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = protocols));
        if (manner.IsBaton())
        {
            builder.Services.AddBaton();
        }

        return builder;
    }

    private static WebApplication Build(WebApplicationBuilder builder, Manner manner)
    {
        var app = builder.Build();
        if (manner.IsBaton())
        {
            app.UseBaton();
        }

        return app;
    }

    // What Baton answers by itself.
    private static async Task<IResult> OrTooLateAsync(Func<Task<string>> call)
    {
        try
        {
            return Results.Text(await call());
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or RpcException)
        {
            return Results.StatusCode(StatusCodes.Status504GatewayTimeout);
        }
    }
}
