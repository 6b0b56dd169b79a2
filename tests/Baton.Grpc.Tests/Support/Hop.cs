using Grpc.Net.ClientFactory;

namespace Baton.Grpc.Tests;

/// <summary>
/// A server in front of another, with two clients to that: <c>ours</c> has Baton's interceptor, <c>theirs</c>
/// what gRPC has for the same, <c>both</c> the two.
/// </summary>
internal sealed class Hop : IAsyncDisposable
{
    private Hop(ProbeServer front, ProbeServer back) => (Front, Back) = (front, back);

    internal ProbeServer Front { get; }

    internal ProbeServer Back { get; }

    internal static async Task<Hop> StartAsync(
        Action<WebApplicationBuilder>? configure = null, string? expectedError = null)
    {
        var back = await ProbeServer.StartAsync();
        var front = await ProbeServer.StartAsync(
            builder =>
            {
                builder.Services.AddGrpc(static options => options.EnableDetailedErrors = true).AddBatonInterceptor();
                builder.Services.AddHttpContextAccessor();
                builder.Services
                    .AddGrpcClient<Probe.ProbeClient>("ours", options => options.Address = back.Address)
                    .AddBatonInterceptor();
                builder.Services
                    .AddGrpcClient<Probe.ProbeClient>("theirs", options => options.Address = back.Address)
                    .EnableCallContextPropagation();
                builder.Services
                    .AddGrpcClient<Probe.ProbeClient>("both", options => options.Address = back.Address)
                    .EnableCallContextPropagation().AddBatonInterceptor();
                configure?.Invoke(builder);
            },
            app =>
            {
                app.UseBaton();
                app.MapGrpcService<ProbeService>();
                app.MapGet("/{name}", async (string name, GrpcClientFactory clients) =>
                {
                    await clients.CreateClient<Probe.ProbeClient>(name).UnaryAsync(new Note());
                });
            },
            expectedError);
        return new Hop(front, back);
    }

    /// <summary>The front's client of that name.</summary>
    internal Probe.ProbeClient Client(string name) =>
        Front.App.Services.GetRequiredService<GrpcClientFactory>().CreateClient<Probe.ProbeClient>(name);

    /// <summary>The front's HTTP endpoint, which makes a unary call with the client of that name.</summary>
    internal Task<HttpResponseMessage> GetAsync(string name, CancellationToken cancellationToken) =>
        Http2.GetAsync(new Uri(Front.Address, name), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Front.DisposeAsync();
        await Back.DisposeAsync();
    }
}
