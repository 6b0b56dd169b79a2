using System.Net.Sockets;

namespace Baton.AspNetCore.Tests.Observing;

/// <summary>An application in which each request ends in one of the ways that are told apart.</summary>
internal static class Ends
{
    /// <summary>How the request ends, the cause that is shown, and the timeout's source.</summary>
    internal static TheoryData<string, string?, string?> All => new()
    {
        { "completes", null, null },
        { "fails", null, null },
        { "client leaves", "client_disconnected", null },
        { "aborts", "aborted", null },
        { "base context", "canceled", null },
        { "base deadline", "timeout", null },
        { "server", "timeout", "server" },
        { "endpoint", "timeout", "endpoint" },
        { "policy", "timeout", "policy" },
        { "caller", "timeout", "caller" },
        { "stop", "shutdown", null },
    };

    internal static async Task RunAsync(string end, Func<Server, IDisposable> watch, Func<IDisposable, Task> check)
    {
        using var root = end == "base deadline"
            ? Context.Background.WithTimeout(TimeSpan.FromMilliseconds(200))
            : Context.Background.WithCancel();
        var began = new TaskCompletionSource<Context>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Server.StartAsync(
            app => Map(app, end, began),
            builder =>
            {
                builder.Services.AddRequestTimeouts(static options =>
                    options.AddPolicy("short", TimeSpan.FromMilliseconds(20)));
                builder.Services.AddBaton(options =>
                {
                    options.BaseContext = root;
                    options.ShutdownGrace = TimeSpan.Zero;
                    if (end == "server")
                    {
                        options.Timeout = TimeSpan.FromMilliseconds(20);
                    }
                });
            },
            expectedError: "provoked");
        using var watched = watch(server);
        var client = await server.SendAsync(
            $"GET /a/7 HTTP/1.1\r\nHost: localhost\r\n{(end == "caller" ? "grpc-timeout: 20m\r\n" : "")}\r\n");
        await EndAsync(end, await WaitFor.Result(began.Task), root, client, server);
        await check(watched);
        client.Dispose();
    }

    private static void Map(WebApplication app, string end, TaskCompletionSource<Context> began)
    {
        var route = app.MapGet("/a/{id}", async (HttpContext http, Context ctx) =>
        {
            began.SetResult(ctx);
            switch (end)
            {
                case "completes":
                    return "whole";
                case "fails":
                    throw new InvalidOperationException("provoked");
                case "aborts":
                    http.Abort();
                    break;
            }

            await ctx.Delay(Timeout.InfiniteTimeSpan);
            return "never";
        });
        _ = end switch
        {
            "endpoint" => route.WithRequestTimeout(TimeSpan.FromMilliseconds(20)),
            "policy" => route.WithRequestTimeout("short"),
            _ => route,
        };
    }

    private static async Task EndAsync(
        string end, Context ctx, CancelableContext root, Socket client, Server server)
    {
        switch (end)
        {
            case "client leaves":
                client.Dispose();
                break;
            case "base context":
                root.Cancel(new InvalidOperationException("maintenance"));
                break;
            case "stop":
                await server.StopAsync();
                break;
        }

        await WaitFor.Completion(Select.Done(ctx).AsTask());
    }
}
