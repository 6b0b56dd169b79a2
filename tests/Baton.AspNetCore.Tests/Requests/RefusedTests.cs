namespace Baton.AspNetCore.Tests;

/// <summary>A request that is refused, because its caller leaves too little time, has a context as any other.</summary>
public sealed class RefusedTests
{
    private static readonly ContextKey<string> s_key = new("key");

    [Theory]
    [InlineData("0m")]
    [InlineData("5m")]
    public async Task Its_context_has_ended_with_the_callers_timeout(string time)
    {
        var seen = new TaskCompletionSource<(Context Context, int Status)>();
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.Use(async (http, next) =>
                {
                    await next(http);
                    seen.SetResult((http.RequestContext, http.Response.StatusCode));
                });
                app.UseBaton();
                app.MapGet("/", () => "never");
            },
            static builder => builder.Services.AddBaton(static options =>
            {
                options.MinTimeout = TimeSpan.FromMilliseconds(10);
                options.ConfigureContext = static (_, ctx) => ctx.WithValue(s_key, "value");
            }));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("grpc-timeout", time);
        using var response = await server.Client.SendAsync(request);
        var (ctx, status) = await WaitFor.Result(seen.Task);

        Assert.Equal(504, status);
        Assert.Equal("The caller's deadline has passed.\n", await response.Content.ReadAsStringAsync());
        Assert.IsType<DeadlineExceededException>(ctx.Err);
        Assert.Equal(
            RequestTimeoutSource.Caller, Assert.IsType<RequestTimeoutException>(ctx.Cause).TimeoutSource);
        Assert.Equal("value", ctx.Value(s_key));
    }

    [Fact]
    public async Task A_request_that_fails_because_its_policy_does_not_exist_has_one_too()
    {
        var seen = new TaskCompletionSource<Context>();
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.Use(async (http, next) =>
                {
                    try
                    {
                        await next(http);
                    }
                    finally
                    {
                        seen.SetResult(http.RequestContext);
                    }
                });
                app.UseBaton();
                app.MapGet("/", () => "never").WithRequestTimeout("none");
            },
            expectedError: "does not exist");

        using var response = await server.Client.GetAsync("/");

        Assert.IsType<RequestCompletedException>((await WaitFor.Result(seen.Task)).Cause);
    }
}
