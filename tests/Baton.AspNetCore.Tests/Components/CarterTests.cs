using Carter;
using Microsoft.AspNetCore.Routing;

namespace Baton.AspNetCore.Tests;

/// <summary>Carter, which maps modules of endpoints.</summary>
public sealed class CarterTests
{
    [Fact]
    public Task A_module_has_the_context() => Work.AssertHoldsAsync(
        static app =>
        {
            app.UseBaton();
            app.MapCarter();
        },
        static builder => builder.Services.AddCarter(configurator: static carter => carter.WithModule<Works>()));

    public sealed class Works : ICarterModule
    {
        public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet(
            "/work", static (Context ctx, Work work, Shapes.Taker service) => work.RunAsync(ctx, service));
    }
}
