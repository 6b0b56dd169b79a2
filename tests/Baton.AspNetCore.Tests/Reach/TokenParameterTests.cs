using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>Handlers that take a token and know nothing of Baton.</summary>
public sealed class TokenParameterTests
{
    [Fact]
    public async Task It_is_the_token_of_the_requests_context()
    {
        await using var server = await Server.StartAsync(app =>
        {
            app.MapGet("/generated", (CancellationToken token, HttpContext http) =>
                Context.FromToken(token) == http.RequestContext && token == http.RequestAborted);
            MapAtRunTime(app, "/runtime", (CancellationToken token, HttpContext http) =>
                Context.FromToken(token) == http.RequestContext && token == http.RequestAborted);
        });

        Assert.Equal("true", await server.Client.GetStringAsync("/generated"));
        Assert.Equal("true", await server.Client.GetStringAsync("/runtime"));
    }

    [Fact]
    public async Task It_ends_with_the_server_and_with_the_base_context()
    {
        using var root = Context.Root(new FakeTimeProvider()).WithCancel();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", async (CancellationToken token) =>
            {
                started.SetResult();
                await new TaskCompletionSource().Task.WaitAsync(token);
            }),
            builder => builder.Services.AddBaton(options => options.BaseContext = root));

        var running = server.Client.GetAsync("/");
        await WaitFor.Completion(started.Task);
        root.Cancel(new ServerShutdownException());
        using var answer = await WaitFor.Result(running);

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

#pragma warning disable RDG002 // Bound at run time on purpose.
    private static void MapAtRunTime(WebApplication app, string pattern, Delegate handler) =>
        app.MapGet(pattern, handler);
#pragma warning restore RDG002
}
