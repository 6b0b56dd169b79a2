using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Hops;

/// <summary>Each handler hands its token on, as people write it today.</summary>
internal sealed class BareChain : Chain
{
    protected override Task<WebApplication> StartFirstAsync(string next) => Hop.StartAsync(
        HttpProtocols.Http1,
        builder => builder.Services.AddHttpClient("next", client => client.BaseAddress = new Uri(next))
            .ConfigureHttpClient(Hop.OverHttp2),
        app => app.MapGet("/", async (CancellationToken token, IHttpClientFactory clients) =>
        {
            try
            {
                return await clients.CreateClient("next").GetStringAsync("/", token);
            }
            finally
            {
                Visit.Leave();
            }
        }));

    protected override Task<WebApplication> StartSecondAsync(string next) => Hop.StartAsync(
        HttpProtocols.Http2,
        builder => builder.Services.AddGrpcClient<Last.LastClient>(client => client.Address = new Uri(next)),
        app => app.MapGet("/", async (CancellationToken token, Last.LastClient last) =>
        {
            try
            {
                await last.WaitAsync(new Nothing(), cancellationToken: token);
            }
            finally
            {
                Visit.Leave();
            }
        }));

    protected override Task<WebApplication> StartLastAsync() => Hop.StartAsync(
        HttpProtocols.Http2,
        builder =>
        {
            builder.Services.AddSingleton(Visit);
            builder.Services.AddGrpc();
        },
        static app => app.MapGrpcService<Service>());

    private sealed class Service(Visit visit) : LastService(visit)
    {
        protected override Task UntilEndAsync(ServerCallContext context) =>
            Task.Delay(Timeout.Infinite, context.CancellationToken);
    }
}
