using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>Output caching, on either side of <c>UseBaton()</c>.</summary>
public sealed class OutputCacheTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_cached_endpoint_has_the_context(bool isOutside) => Work.AssertHoldsAsync(
        app =>
        {
            Use(app, isOutside);
            app.MapGet("/work", static (Context ctx, Work work, Shapes.Taker service) => work.RunAsync(ctx, service))
                .CacheOutput();
        },
        static builder => builder.Services.AddOutputCache());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_that_a_deadline_made_is_not_kept(bool isOutside)
    {
        var clock = new FakeTimeProvider();
        var given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = 0;
        await using var server = await Server.StartBareAsync(
            app =>
            {
                Use(app, isOutside);
                app.MapGet("/", async (Context ctx) =>
                {
                    if (++runs == 1)
                    {
                        given.SetResult();
                        await ctx.Delay(2 * Work.Timeout);
                    }

                    return "whole";
                }).CacheOutput();
            },
            builder =>
            {
                builder.Services.AddOutputCache();
                builder.Services.AddBaton(options =>
                {
                    options.BaseContext = Context.Root(clock);
                    options.Timeout = Work.Timeout;
                });
            });

        var asking = server.Client.GetAsync("/");
        await WaitFor.Completion(given.Task);
        clock.Advance(Work.Timeout);
        using var late = await WaitFor.Result(asking);

        Assert.Equal(HttpStatusCode.GatewayTimeout, late.StatusCode);
        Assert.Equal("whole", await server.Client.GetStringAsync("/"));
        Assert.Equal("whole", await server.Client.GetStringAsync("/"));
        Assert.Equal(2, runs);
    }

    private static void Use(WebApplication app, bool isOutside)
    {
        if (isOutside)
        {
            app.UseOutputCache();
        }

        app.UseBaton();
        if (!isOutside)
        {
            app.UseOutputCache();
        }
    }
}
