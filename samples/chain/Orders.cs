using Baton;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Chain;

/// <summary>The second hop, HTTP, which calls the third by gRPC. It sets no time of its own.</summary>
internal static class Orders
{
    internal static async Task<WebApplication> StartAsync(Timeline timeline, string stock)
    {
        var builder = Hosting.Builder("orders", HttpProtocols.Http1AndHttp2);
        builder.Services.AddBaton();
        builder.Services.AddGrpcClient<Stock.StockClient>(client => client.Address = new Uri(stock))
            .AddBatonInterceptor();

        var app = builder.Build();
        app.UseBaton();
        app.MapGet("/orders/{id}", async (Context ctx, int id, Stock.StockClient stock) =>
        {
            using var hop = timeline.Arrive("orders", ctx);

            hop.Calls("stock", ctx);
            var reservation = await stock.ReserveAsync(new Item { Id = id }, ctx.ToCallOptions());
            return $"order {id} is reserved on shelf {reservation.Shelf}";
        });
        await app.StartWithPageAsync();
        return app;
    }
}
