using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Chain;

/// <summary>The last hop, gRPC: the service Stock. It needs a second.</summary>
internal sealed class Shelves(Timeline timeline) : Stock.StockBase
{
    internal static async Task<WebApplication> StartAsync(Timeline timeline)
    {
        // gRPC without TLS needs an endpoint that speaks nothing else; browsers need one that speaks HTTP/1.1.
        var builder = Hosting.Builder("stock", HttpProtocols.Http2, HttpProtocols.Http1);
        builder.Services.AddSingleton(timeline);
        builder.Services.AddGrpc().AddBatonInterceptor();

        var app = builder.Build();
        app.UseBaton();
        app.MapGrpcService<Shelves>();
        await app.StartWithPageAsync();
        return app;
    }

    public override async Task<Reservation> Reserve(Item request, ServerCallContext context)
    {
        var ctx = context.RequestContext;
        using var hop = timeline.Arrive("stock", ctx);

        // Looks for a place, and stops looking when nobody waits.
        await ctx.Delay(TimeSpan.FromSeconds(1));
        return new Reservation { Shelf = "B7" };
    }
}
