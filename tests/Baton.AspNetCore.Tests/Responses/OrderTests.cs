using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>Beside other middleware, before it and after it.</summary>
public sealed class OrderTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource<Context> _given =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string, bool> Orders => new()
    {
        { "exception handler", true },
        { "exception handler", false },
        { "developer page", true },
        { "developer page", false },
        { "status pages", true },
        { "output cache", true },
        { "output cache", false },
        { "compression", true },
        { "compression", false },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_deadline_is_504_and_no_error_wherever_Baton_stands(string other, bool isOutside)
    {
        await using var server = await StartAsync(other, isOutside);

        var running = server.Client.GetAsync("/waits");
        await WaitFor.Result(_given.Task);
        _clock.Advance(s_timeout);
        using var answer = await WaitFor.Result(running);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.DoesNotContain(server.Logs, static line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_error_is_the_exception_handlers_wherever_Baton_stands(bool isOutside)
    {
        await using var server = await StartAsync("exception handler", isOutside);

        using var answer = await server.Client.GetAsync("/fails");

        Assert.Equal("handled", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_output_cache_keeps_no_response_of_a_canceled_request(bool isOutside)
    {
        await using var server = await StartAsync("output cache", isOutside);

        var running = server.Client.GetAsync("/waits");
        await WaitFor.Result(_given.Task);
        _clock.Advance(s_timeout);
        using var canceled = await WaitFor.Result(running);

        Assert.Equal(HttpStatusCode.GatewayTimeout, canceled.StatusCode);
        Assert.Equal("again", await server.Client.GetStringAsync("/waits"));
        Assert.Equal("again", await server.Client.GetStringAsync("/waits"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Compression_holds_back_no_response_of_a_handlers_own_and_hides_none_that_is_missing(
        bool isOutside)
    {
        await using var server = await StartAsync("compression", isOutside);
        server.Client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));

        var running = server.Client.GetAsync("/own");
        await WaitFor.Result(_given.Task);
        _clock.Advance(s_timeout);
        using var answer = await WaitFor.Result(running);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Static_files_are_served_as_they_are(bool isOutside)
    {
        await using var server = await StartAsync("static files", isOutside);

        Assert.Contains("Baton", await server.Client.GetStringAsync("/README.md"), StringComparison.Ordinal);
    }

    private Task<Server> StartAsync(string other, bool isOutside) => Server.StartBareAsync(
        app =>
        {
            if (isOutside)
            {
                Use(app, other);
            }

            app.UseBaton();
            if (!isOutside)
            {
                Use(app, other);
            }

            Map(app);
        },
        builder =>
        {
            builder.Services.AddOutputCache(static cache =>
                cache.AddBasePolicy(static policy => policy.Cache()));
            builder.Services.AddResponseCompression(static compression =>
                compression.Providers.Add<GzipCompressionProvider>());
            builder.Services.AddBaton(baton =>
            {
                baton.BaseContext = Context.Root(_clock);
                baton.Timeout = s_timeout;
            });
        },
        expectedError: "provoked");

    private static void Use(WebApplication app, string other) => _ = other switch
    {
        "exception handler" => app.UseExceptionHandler(static error =>
            error.Run(static http => http.Response.WriteAsync("handled"))),
        "developer page" => app.UseDeveloperExceptionPage(),
        "status pages" => app.UseStatusCodePages(),
        "output cache" => app.UseOutputCache(),
        "compression" => app.UseResponseCompression(),
        _ => app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(Repository.PathTo("src", "Baton")),
            ServeUnknownFileTypes = true,
        }),
    };

    private void Map(WebApplication app)
    {
        app.MapGet("/waits", async (Context ctx) =>
        {
            if (!_given.TrySetResult(ctx))
            {
                return "again";
            }

            await ctx.Delay(Timeout.InfiniteTimeSpan);
            return "";
        });
        app.MapGet("/fails", (Context ctx) =>
        {
            throw new InvalidOperationException($"provoked {ctx}");
        });
        app.MapGet("/own", async (Context ctx) =>
        {
            _given.SetResult(ctx);
            await Select.Done(ctx);
            return Results.Text(new string('a', 1000));
        });
    }
}
