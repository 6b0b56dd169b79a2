using FastEndpoints;

namespace Baton.AspNetCore.Tests;

/// <summary>FastEndpoints, whose handlers are classes.</summary>
public sealed class FastEndpointsTests
{
    [Fact]
    public Task An_endpoint_has_the_context() => Work.AssertHoldsAsync(
        static app =>
        {
            app.UseBaton();
            app.UseFastEndpoints();
        },
        static builder => builder.Services.AddFastEndpoints(static options =>
        {
            options.DisableAutoDiscovery = true;
            options.Assemblies = [typeof(FastEndpointsTests).Assembly];
            options.Filter = static type => type == typeof(WorkEndpoint);
        }));

    /// <summary>FastEndpoints has no place for a context: its token is the context's.</summary>
    internal sealed class WorkEndpoint(Work work) : EndpointWithoutRequest<string>
    {
        public override void Configure()
        {
            Get("/work");
            AllowAnonymous();
        }

        public override async Task HandleAsync(CancellationToken ct) => await Send.OkAsync(
            await work.RunAsync(Context.FromToken(ct), Resolve<Shapes.Taker>()), ct);
    }
}
