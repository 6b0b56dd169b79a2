using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Hops;

/// <summary>Each handler hands its context on.</summary>
internal sealed class BatonChain : Chain
{
    protected override Task<WebApplication> StartFirstAsync(string next) => Hop.StartAsync(
        HttpProtocols.Http1,
        builder =>
        {
            builder.Services.AddBaton();
            builder.Services.AddHttpClient("next", client => client.BaseAddress = new Uri(next))
                .ConfigureHttpClient(Hop.OverHttp2)
                .AddBatonHandler();
        },
        app =>
        {
            app.UseBaton();
            app.MapGet("/", async (Context ctx, IHttpClientFactory clients) =>
            {
                try
                {
                    return await clients.CreateClient("next").GetStringAsync(ctx, "/");
                }
                finally
                {
                    Visit.Leave();
                }
            });
        });

    protected override Task<WebApplication> StartSecondAsync(string next) => Hop.StartAsync(
        HttpProtocols.Http2,
        builder =>
        {
            builder.Services.AddBaton();
            builder.Services.AddGrpcClient<Last.LastClient>(client => client.Address = new Uri(next))
                .AddBatonInterceptor();
        },
        app =>
        {
            app.UseBaton();
            app.MapGet("/", async (Context ctx, Last.LastClient last) =>
            {
                try
                {
                    await last.WaitAsync(new Nothing(), ctx.ToCallOptions());
                }
                finally
                {
                    Visit.Leave();
                }
            });
        });

    protected override Task<WebApplication> StartLastAsync() => Hop.StartAsync(
        HttpProtocols.Http2,
        builder =>
        {
            builder.Services.AddSingleton(Visit);
            builder.Services.AddGrpc().AddBatonInterceptor();
        },
        static app =>
        {
            app.UseBaton();
            app.MapGrpcService<Service>();
        });

    private sealed class Service(Visit visit) : LastService(visit)
    {
        protected override Task UntilEndAsync(ServerCallContext context) =>
            context.RequestContext.Delay(Timeout.InfiniteTimeSpan);
    }
}
