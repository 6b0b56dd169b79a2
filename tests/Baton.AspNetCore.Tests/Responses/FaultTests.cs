using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// A fault in what an application gives to Baton takes down no request that would have succeeded.
/// </summary>
public sealed class FaultTests
{
    private static readonly ContextKey<string> s_tenant = new("tenant");

    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData("throws")]
    [InlineData("null")]
    [InlineData("stranger")]
    public async Task ConfigureContext_that_fails_leaves_the_context_as_it_was(string fault)
    {
        await using var server = await StartAsync(
            options => options.ConfigureContext = (_, ctx) => fault switch
            {
                "throws" => throw new InvalidOperationException("provoked"),
                "null" => null!,
                _ => Context.Background.WithValue(s_tenant, "nobody"),
            });

        Assert.Equal("Root(FakeTimeProvider).WithCancel.WithCancel",
            await server.Client.GetStringAsync("/text"));
        var line = Assert.Single(server.Logs);
        Assert.StartsWith("Error: BatonOptions.ConfigureContext failed.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RetryAfter_that_throws_leaves_the_header_out()
    {
        await using var server = await StartAsync(static options =>
            options.RetryAfter = static _ => throw new InvalidOperationException("provoked"));
        server.Services.GetRequiredService<BatonServer>().End(new ServerShutdownException());

        using var answer = await server.Client.GetAsync("/waits");

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Null(answer.Headers.RetryAfter);
        Assert.Contains(server.Logs, static line =>
            line.StartsWith("Error: BatonOptions.RetryAfter", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ConfigureResponse_that_throws_leaves_the_response_as_it_was()
    {
        await using var server = await StartAsync(static options =>
            options.ConfigureResponse = static (_, _) => throw new InvalidOperationException("provoked"));
        server.Services.GetRequiredService<BatonServer>().End(new ServerShutdownException());

        using var answer = await server.Client.GetAsync("/waits");

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Contains(server.Logs, static line =>
            line.StartsWith("Error: BatonOptions.ConfigureResponse", StringComparison.Ordinal));
    }

    private Task<Server> StartAsync(Action<BatonOptions> options) => Server.StartAsync(
        static app =>
        {
            app.MapGet("/text", (Context ctx) => ctx.ToString());
            app.MapGet("/waits", (Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan));
        },
        builder => builder.Services.AddBaton(baton =>
        {
            baton.BaseContext = Context.Root(_clock);
            options(baton);
        }),
        expectedError: "BatonOptions.");
}
