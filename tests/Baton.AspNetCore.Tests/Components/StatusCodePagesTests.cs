using System.Net;

namespace Baton.AspNetCore.Tests;

/// <summary>Pages for statuses, for which the pipeline runs again.</summary>
public sealed class StatusCodePagesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task An_endpoint_beside_a_page_that_is_run_again_has_the_context(bool isOutside) =>
        Work.AssertHoldsAsync(app => Map(app, isOutside), static _ => { });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_page_of_a_status_has_a_live_context_of_its_own(bool isOutside)
    {
        await using var server = await Server.StartBareAsync(
            app => Map(app, isOutside),
            static builder => builder.Services.AddTransient<Shapes.Taker>().AddSingleton(new Work()));

        using var response = await server.Client.GetAsync("/missing");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("404 live", await response.Content.ReadAsStringAsync());
    }

    private static void Map(WebApplication app, bool isOutside)
    {
        if (isOutside)
        {
            app.UseStatusCodePagesWithReExecute("/status/{0}");
        }

        app.UseBaton();
        if (!isOutside)
        {
            app.UseStatusCodePagesWithReExecute("/status/{0}");
        }

        app.MapGet("/work", static (Context ctx, Work work, Shapes.Taker service) => work.RunAsync(ctx, service));
        app.MapGet("/status/{code}", static (int code, Context ctx, Shapes.Taker service) =>
            $"{code} {(ctx == service.Context && !ctx.IsDone ? "live" : "dead")}");
    }
}
