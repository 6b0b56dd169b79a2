namespace Baton.AspNetCore.Tests;

/// <summary>Error handlers that run the pipeline again within the same request.</summary>
public sealed class ErrorPageTests
{
    private static readonly ContextKey<string> s_edge = new("edge"), s_added = new("added");

    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (var page in new[] { "/error/parameter", "/error/service", "/error/property", "/error/aborted" })
            {
                foreach (var path in new[] { "/boom", "/boom/context", "/boom/aborted", "/boom/timeout", "/missing" })
                {
                    data.Add(page, path, true);
                    data.Add(page, path, false);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_page_has_a_live_context_with_the_values_of_the_first(
        string page, string path, bool isOutside)
    {
        var runs = 0;
        await using var server = await Server.StartBareAsync(
            app =>
            {
                if (isOutside)
                {
                    Handle();
                }

                app.UseBaton();
                if (!isOutside)
                {
                    Handle();
                }

                app.Use((http, next) =>
                {
                    if (http.Request.Path == path)
                    {
                        http.RequestContext = http.RequestContext.WithValue(s_added, "added");
                    }

                    return next(http);
                });
                Map(app);

                void Handle()
                {
                    app.UseExceptionHandler(page);
                    app.UseStatusCodePagesWithReExecute(page);
                }
            },
            builder =>
            {
                builder.Services.AddTransient<Shapes.Taker>();
                builder.Services.AddScoped<Kept>();
                builder.Services.AddBaton(options => options.ConfigureContext = (_, ctx) =>
                {
                    runs++;
                    return ctx.WithValue(s_edge, "edge");
                });
            },
            expectedError: "provoked");

        using var response = await server.Client.GetAsync(path);

        Assert.Equal("live edge added", await response.Content.ReadAsStringAsync());
        Assert.Equal(path == "/missing" ? 404 : 500, (int)response.StatusCode);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_base_context_that_is_canceled_ends_the_pages_context_too()
    {
        using var root = Context.Background.WithCancel();
        var given = new TaskCompletionSource<Context>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.UseExceptionHandler("/error");
                app.UseBaton();
                app.MapGet("/boom", (Context ctx) => Throw(ctx));
                app.MapGet("/error", async (Context ctx) =>
                {
                    given.SetResult(ctx);
                    await Select.Done(ctx);
                });
            },
            builder => builder.Services.AddBaton(options => options.BaseContext = root),
            expectedError: "provoked");

        var running = server.Client.GetAsync("/boom");
        var ctx = await WaitFor.Result(given.Task);
        root.Cancel(new InvalidOperationException("maintenance"));
        using var response = await WaitFor.Result(running);

        Assert.Equal("maintenance", ctx.Cause!.Message);
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/boom", (HttpContext http) => Throw(http));
        app.MapGet("/boom/context", (Context ctx, Kept kept) => Throw(ctx == kept.Context));
        app.MapGet("/boom/aborted", async (HttpContext http) =>
        {
            await Task.Yield();
            Throw(http.RequestAborted);
        });
        app.MapGet("/boom/timeout", async (HttpContext http) =>
        {
            await Select.Done(http.RequestContext);
            Throw(http);
        }).WithRequestTimeout(TimeSpan.FromMilliseconds(20));
        app.MapGet("/error/parameter", (Context ctx, HttpContext http) => Say(ctx, http));
        app.MapGet("/error/service", (Shapes.Taker taker, HttpContext http) => Say(taker.Context, http));
        app.MapGet("/error/property", (HttpContext http) => Say(http.RequestContext, http));
        app.MapGet("/error/aborted", (HttpContext http) => Say(Context.FromToken(http.RequestAborted), http));
    }

    private static string Say(Context ctx, HttpContext http)
    {
        return $"{(ctx.IsDone ? ctx.Cause!.Message : "live")} {ctx.Value(s_edge)} {ctx.Value(s_added)}";
    }

    private static void Throw(object? seen) =>
        throw new InvalidOperationException(seen is null ? "nothing" : "provoked");

    internal sealed class Kept(Context ctx)
    {
        internal Context Context => ctx;
    }
}
