using Baton;

namespace Cluster;

/// <summary>What the client talks to: HTTP in front, grain calls behind. It gives a request five seconds.</summary>
internal static class Gateway
{
    internal static async Task<WebApplication> StartAsync(Timeline timeline, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddBaton();
        builder.UseOrleansClient(client => client.UseLocalhostClustering(port).AddBaton());

        var app = builder.Build();
        app.UseBaton();
        app.MapGet("/checkout", async (Context ctx, int work, IClusterClient grains) =>
        {
            using var budget = ctx.WithTimeout(TimeSpan.FromSeconds(5));
            timeline.Arrive("gateway", $"has the request, {Timeline.Left(budget)}");
            try
            {
                var response = await grains.GetGrain<ICart>("ann").CheckoutAsync(budget, work);
                timeline.Leave("gateway", $"responds, {Timeline.Left(budget)}");
                return response;
            }
            catch (Exception e)
            {
                timeline.Leave("gateway", $"stops: {e.GetType().Name}: {e.Message}");
                throw;
            }
        });
        await app.StartAsync();
        return app;
    }
}
