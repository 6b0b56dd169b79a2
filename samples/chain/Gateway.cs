using Baton;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Chain;

/// <summary>The first hop, HTTP: what the client talks to. It gives a request ten seconds.</summary>
internal static class Gateway
{
    internal static async Task<WebApplication> StartAsync(Timeline timeline, string orders)
    {
        var builder = Hosting.Builder("gateway", HttpProtocols.Http1AndHttp2);
        builder.Services.AddBaton();
        builder.Services.AddHttpClient("orders", client => client.BaseAddress = new Uri(orders)).AddBatonHandler();

        var app = builder.Build();
        app.UseBaton();
        app.MapGet("/checkout/{id}", async (Context ctx, int id, IHttpClientFactory clients) =>
        {
            using var hop = timeline.Arrive("gateway", ctx);
            using var budget = ctx.WithTimeout(TimeSpan.FromSeconds(10));

            hop.Calls("orders", budget);
            return await clients.CreateClient("orders").GetStringAsync(budget, $"/orders/{id}");
        });
        await app.StartWithPageAsync();
        return app;
    }
}
