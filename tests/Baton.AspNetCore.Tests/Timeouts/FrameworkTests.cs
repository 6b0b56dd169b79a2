using Microsoft.AspNetCore.Http.Timeouts;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// The examples that ASP.NET Core's documentation gives for request timeouts, with
/// <c>UseRequestTimeouts()</c> and with <c>UseBaton()</c> in its place: the responses are the same.
/// </summary>
/// <remarks>
/// On the real clock, because that is the one of the original. What times out does so at once.
/// </remarks>
public sealed class FrameworkTests
{
    private const int Short = 1;
    private const int Long = 60_000;

    /// <summary>
    /// Far longer than <see cref="Short"/>, so that a timeout that is to be off would be seen.
    /// </summary>
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(50);

    public static TheoryData<string, int, string> Examples => new()
    {
        { "/caught", 200, "Timeout!" },
        { "/caught-by-attribute", 200, "Timeout!" },
        { "/caught-in-time", 200, "No timeout!" },
        { "/named", 200, "Timeout!" },
        { "/named-by-attribute", 200, "Timeout!" },
        { "/default-status", 503, "" },
        { "/written", 504, "Timeout from MyPolicy2!" },
        { "/written-by-own-policy", 408, "own" },
        { "/time-only", 504, "" },
        { "/attribute-only", 504, "" },
        { "/disabled", 200, "No timeout!" },
        { "/disabled-by-attribute", 200, "No timeout!" },
        { "/canceled", 200, "No timeout!" },
        { "/policy-without-time", 200, "No timeout!" },
        { "/last-wins", 200, "No timeout!" },
        { "/token", 504, "" },
        { "/nothing-written", 504, "" },
        { "/fails", 500, "" },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task With_Baton_the_response_is_the_same(string path, int status, string text)
    {
        await using var original = await StartAsync(static app => app.UseRequestTimeouts());
        await using var baton = await StartAsync(static app => app.UseBaton());

        using var expected = await original.Client.GetAsync(path);
        using var answer = await baton.Client.GetAsync(path);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(text, await answer.Content.ReadAsStringAsync());

        // The one case where they differ on purpose: the original lets a request that was canceled pass for a
        // success.
        Assert.Equal(path == "/nothing-written" ? 200 : status, (int)expected.StatusCode);
        Assert.Equal(text, await expected.Content.ReadAsStringAsync());
        Assert.Equal(expected.Content.Headers.ContentType, answer.Content.Headers.ContentType);
    }

    private static Task<Server> StartAsync(Action<WebApplication> use) => Server.StartBareAsync(
        app =>
        {
            use(app);
            Map(app);
        },
        static builder => builder.Services.AddRequestTimeouts(static options =>
        {
            options.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = TimeSpan.FromMilliseconds(Short),
                TimeoutStatusCode = 503,
            };
            options.AddPolicy("MyPolicy", TimeSpan.FromMilliseconds(Short));
            options.AddPolicy("MyPolicy2", new RequestTimeoutPolicy
            {
                Timeout = TimeSpan.FromMilliseconds(Short),
                WriteTimeoutResponse = static http =>
                {
                    http.Response.ContentType = "text/plain";
                    return http.Response.WriteAsync("Timeout from MyPolicy2!");
                },
            });
        }),

        // The original logs a warning for each timeout; "provoked" is the handler's.
        expectedError: "o");

    private static void Map(WebApplication app)
    {
        app.MapGet("/caught", CatchAsync).WithRequestTimeout(TimeSpan.FromMilliseconds(Short));
        app.MapGet("/caught-by-attribute", [RequestTimeout(Short)] (http) => CatchAsync(http));
        app.MapGet("/caught-in-time", CatchBrieflyAsync).WithRequestTimeout(TimeSpan.FromMilliseconds(Long));
        app.MapGet("/named", CatchAsync).WithRequestTimeout("MyPolicy");
        app.MapGet("/named-by-attribute", [RequestTimeout("MyPolicy")] (http) => CatchAsync(http));
        app.MapGet("/default-status", ThrowAsync);
        app.MapGet("/written", ThrowAsync).WithRequestTimeout("MyPolicy2");
        app.MapGet("/written-by-own-policy", ThrowAsync).WithRequestTimeout(new RequestTimeoutPolicy
        {
            Timeout = TimeSpan.FromMilliseconds(Short),
            TimeoutStatusCode = 408,
            WriteTimeoutResponse = static http => http.Response.WriteAsync("own"),
        });
        app.MapGet("/time-only", ThrowAsync).WithRequestTimeout(TimeSpan.FromMilliseconds(Short));
        app.MapGet("/attribute-only", [RequestTimeout(Short)] (http) => ThrowAsync(http));
        app.MapGet("/disabled", CatchBrieflyAsync).DisableRequestTimeout();
        app.MapGet("/disabled-by-attribute", [DisableRequestTimeout] (http) => CatchBrieflyAsync(http));
        app.MapGet("/canceled", static http =>
        {
            http.Features.Get<IHttpRequestTimeoutFeature>()!.DisableTimeout();
            return CatchBrieflyAsync(http);
        }).WithRequestTimeout(TimeSpan.FromSeconds(1));
        app.MapGet("/policy-without-time", CatchBrieflyAsync).WithRequestTimeout(new RequestTimeoutPolicy());
        app.MapGet("/last-wins", CatchBrieflyAsync)
            .WithRequestTimeout(TimeSpan.FromMilliseconds(Short))
            .WithRequestTimeout(TimeSpan.FromMilliseconds(Long));
        app.MapGet("/token", static (CancellationToken token) => EndOf(token)).WithRequestTimeout(TimeSpan.FromMilliseconds(Short));
        app.MapGet("/nothing-written", static async http =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EndOf(http.RequestAborted));
        }).WithRequestTimeout(TimeSpan.FromMilliseconds(Short));
        app.MapGet("/fails", static async http =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EndOf(http.RequestAborted));
            throw new InvalidOperationException("provoked");
        }).WithRequestTimeout(TimeSpan.FromMilliseconds(Short));
    }

    private static Task CatchAsync(HttpContext http) => CatchAsync(http, EndOf(http.RequestAborted));

    private static Task CatchBrieflyAsync(HttpContext http) =>
        CatchAsync(http, Context.FromToken(http.RequestAborted).Delay(s_wait));

    private static async Task CatchAsync(HttpContext http, Task work)
    {
        try
        {
            await work;
            await Results.Content("No timeout!", "text/plain").ExecuteAsync(http);
        }
        catch (OperationCanceledException)
        {
            await Results.Content("Timeout!", "text/plain").ExecuteAsync(http);
        }
    }

    private static Task ThrowAsync(HttpContext http) => EndOf(http.RequestAborted);

    private static Task EndOf(CancellationToken token) => new TaskCompletionSource().Task.WaitAsync(token);
}
