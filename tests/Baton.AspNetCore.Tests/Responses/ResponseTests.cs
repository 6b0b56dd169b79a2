using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace Baton.AspNetCore.Tests;

/// <summary>What a canceled request is answered with.</summary>
public sealed class ResponseTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly ArmedClock _clock = new();
    private readonly TaskCompletionSource<Context> _given =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_deadline_is_504_with_a_line_of_text()
    {
        await using var server = await StartAsync();

        using var answer = await EndAsync(server, "/throws", () => _clock.Advance(s_timeout));

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("The request's deadline has passed.\n", await answer.Content.ReadAsStringAsync());
        Assert.Null(answer.Headers.RetryAfter);
        var line = Assert.Single(server.Logs);
        Assert.Equal(
            "Information: GET /throws passed its deadline of 00:00:02, set by the server, and returned "
            + "00:00:00 after it. ", line);
    }

    [Fact]
    public async Task A_stopping_server_is_503_with_Retry_After()
    {
        await using var server = await StartAsync(static options =>
            options.RetryAfter = static _ => TimeSpan.FromMilliseconds(1500));

        using var answer = await EndAsync(server, "/throws", () => Stop(server));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("The server is shutting down.\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal("Information: GET /throws was canceled: the server is shutting down. ",
            Assert.Single(server.Logs));
    }

    [Fact]
    public async Task Another_cause_is_503()
    {
        using var root = Context.Background.WithCancel();
        await using var server = await StartAsync(options => options.BaseContext = root);
        var cause = new InvalidOperationException("maintenance");

        using var answer = await EndAsync(server, "/throws", () => root.Cancel(cause));
        using var later = await server.Client.GetAsync("/throws-later");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Null(answer.Headers.RetryAfter);
        Assert.Equal("The request was canceled.\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, later.StatusCode);
        Assert.Same(cause, (await _given.Task).Cause);
        Assert.Contains("maintenance", server.Logs[0], StringComparison.Ordinal);
        Assert.All(
            server.Logs, static line => Assert.StartsWith("Information", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/child-deadline", 504)]
    [InlineData("/child-token", 504)]
    public async Task The_deadline_of_a_context_derived_from_the_requests_counts_too(string path, int status)
    {
        await using var server = await StartAsync();

        using var answer = await server.Client.GetAsync(path);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.StartsWith("Information", Assert.Single(server.Logs), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/child-canceled")]
    [InlineData("/child-with-a-cause")]
    [InlineData("/group-that-failed")]
    [InlineData("/child-that-was-disposed")]
    public async Task A_context_further_down_that_the_application_cancels_hides_no_failure(string path)
    {
        await using var server = await StartAsync(expectedError: "unhandled exception");

        using var answer = await server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.StartsWith("Error", Assert.Single(server.Logs), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/short")]
    [InlineData("/short-child")]
    public async Task A_handler_that_gives_up_because_too_little_time_remains_is_504_and_no_error(string path)
    {
        await using var server = await StartAsync();

        using var answer = await server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal("Too little time remains.\n", await answer.Content.ReadAsStringAsync());
        Assert.StartsWith("Information", Assert.Single(server.Logs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancellation_of_somebody_elses_stays_an_error()
    {
        await using var server = await StartAsync(expectedError: "provoked");

        using var answer = await server.Client.GetAsync("/foreign");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.StartsWith("Error", Assert.Single(server.Logs), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/returns")]
    [InlineData("/empty-ok")]
    [InlineData("/returns-later")]
    public async Task With_nothing_written_it_never_is_a_200(string path)
    {
        await using var server = await StartAsync();

        using var answer = await EndAsync(server, path, () => _clock.Advance(s_timeout));

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
    }

    [Theory]
    [InlineData("/own-status", 418, "")]
    [InlineData("/own-status-throws", 409, "")]
    [InlineData("/own-answer", 200, "as far as I got")]
    [InlineData("/own-unflushed", 200, "as far as I got")]
    public async Task A_handlers_own_response_stays(string path, int status, string text)
    {
        await using var server = await StartAsync();

        using var answer = await EndAsync(server, path, () => _clock.Advance(s_timeout));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(text, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("1.1", true)]
    [InlineData("1.1", false)]
    [InlineData("2.0", true)]
    [InlineData("2.0", false)]
    public async Task Once_something_was_sent_half_a_response_never_passes_for_a_whole_one(
        string version, bool isDeadline)
    {
        await using var server = await StartAsync(configure: version == "2.0" ? Server.OverHttp2 : null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/half")
        {
            Version = new Version(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await WaitFor.Result(_given.Task);
        if (isDeadline)
        {
            _clock.Advance(s_timeout);
        }
        else
        {
            Stop(server);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(answer.Content.ReadAsStringAsync()));
        Assert.All(
            server.Logs, static line => Assert.StartsWith("Information", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_problem_details_the_response_is_one()
    {
        await using var server = await StartAsync(configure: static builder =>
            builder.Services.AddProblemDetails());

        using var answer = await EndAsync(server, "/throws", () => _clock.Advance(s_timeout));

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<ProblemDetails>(JsonSerializerOptions.Web);
        Assert.Equal(504, problem!.Status);
        Assert.Equal("Gateway Timeout", problem.Title);
        Assert.Equal("The request's deadline has passed.", problem.Detail);
    }

    [Fact]
    public async Task Options_and_then_the_endpoint_can_change_it()
    {
        await using var server = await StartAsync(static options =>
            options.ConfigureResponse = static (_, answer) =>
            {
                answer.StatusCode = answer.Cause is RequestTimeoutException ? 408 : answer.StatusCode;
                answer.RetryAfter = TimeSpan.FromSeconds(9);
            });

        using var changed = await EndAsync(server, "/throws", () => _clock.Advance(s_timeout));
        using var again = await EndAsync(server, "/changed", () => _clock.Advance(s_timeout), waits: true);

        Assert.Equal(HttpStatusCode.RequestTimeout, changed.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(9), changed.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.RequestTimeout, again.StatusCode);
        Assert.Null(again.Headers.RetryAfter);
        Assert.Equal("try a smaller one", await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_exception_after_the_deadline_that_is_no_cancellation_is_kept_and_logged()
    {
        await using var server = await StartAsync(expectedError: "provoked");

        using var answer = await EndAsync(server, "/fails", () => _clock.Advance(s_timeout));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(server.Logs, static line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("provoked", StringComparison.Ordinal));
        Assert.Contains(server.Logs, static line =>
            line.StartsWith("Information: GET /fails passed its deadline", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_is_one_line_of_the_debug_log(bool throws)
    {
        await using var server = await StartAsync();

        var path = throws ? "/throws" : "/returns";
        var client = await server.AskAsync(path);
        await WaitFor.Result(_given.Task);
        client.Dispose();
        await WaitFor.True(() => server.Logs.Length > 0);

        Assert.Equal(
            $"Debug: GET {path} was canceled: the client disconnected. ", Assert.Single(server.Logs));
    }

    /// <summary>Asks, ends the request when its handler runs, and gives the response.</summary>
    private async Task<HttpResponseMessage> EndAsync(
        Server server, string path, Action end, bool waits = false)
    {
        var running = server.Client.GetAsync(path);
        await (waits ? _clock.ArmedAsync() : WaitFor.Completion(_given.Task));
        end();
        return await WaitFor.Result(running);
    }

    private static void Stop(Server server) =>
        server.Services.GetRequiredService<BatonServer>().End(new ServerShutdownException());

    private Task<Server> StartAsync(
        Action<BatonOptions>? options = null, string? expectedError = null,
        Action<WebApplicationBuilder>? configure = null) =>
        Server.StartAsync(
            Map,
            builder =>
            {
                builder.Services.AddBaton(baton =>
                {
                    baton.BaseContext = Context.Root(_clock);
                    baton.Timeout = s_timeout;
                    options?.Invoke(baton);
                });
                configure?.Invoke(builder);
            },
            expectedError);

    private void Map(WebApplication app)
    {
        app.MapGet("/throws", (Context ctx) => Wait(ctx));
        app.MapGet("/throws-later", (Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan));
        app.MapGet("/changed", (Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan))
            .WithCancellationResponse(static (_, answer) =>
            {
                answer.RetryAfter = null;
                answer.Write = static http => http.Response.WriteAsync("try a smaller one");
            });
        app.MapGet("/child-deadline", (Context ctx) =>
        {
            using var child = ctx.WithTimeout(TimeSpan.Zero);
            child.ThrowIfDone();
        });
        app.MapGet("/child-token", async (Context ctx) =>
        {
            using var child = ctx.WithTimeout(TimeSpan.Zero).WithCancel();
            await Task.FromCanceled(child);
        });
        app.MapGet("/child-canceled", (Context ctx) =>
        {
            using var child = ctx.WithCancel();
            child.Cancel();
            child.ThrowIfDone();
        });
        app.MapGet("/child-with-a-cause", (Context ctx) =>
        {
            using var child = ctx.WithCancel();
            child.Cancel(new InvalidOperationException("disk full"));
            child.ThrowIfDone();
        });
        app.MapGet("/child-that-was-disposed", (Context ctx) =>
        {
            using var child = ctx.WithTimeout(TimeSpan.FromHours(1));
            throw new OperationCanceledException("circuit open", child.Done);
        });
        app.MapGet("/group-that-failed", async (Context ctx) =>
        {
            await using var group = ctx.Group();
            group.Go(static _ => throw new InvalidOperationException("duplicate key"));
            await group.Context.Delay(Timeout.InfiniteTimeSpan);
            await group.WaitAsync();
        });
        app.MapGet("/short", (Context ctx) => ctx.ThrowIfRemainingLessThan(TimeSpan.FromHours(1)));
        app.MapGet("/short-child", (Context ctx) =>
        {
            using var child = ctx.WithTimeout(TimeSpan.FromMinutes(1));
            child.ThrowIfRemainingLessThan(TimeSpan.FromHours(1));
        });
        app.MapGet("/foreign", () =>
        {
            throw new OperationCanceledException("provoked");
        });
        app.MapGet("/returns", async (Context ctx) => await EndOf(ctx));
        app.MapGet("/returns-later", async (HttpContext http) =>
        {
            await Task.Yield();
            await EndOf(http.RequestContext);
        });
        app.MapGet("/empty-ok", async (Context ctx) =>
        {
            await EndOf(ctx);
            return Results.Ok();
        });
        app.MapGet("/own-status", async (Context ctx) =>
        {
            await EndOf(ctx);
            return Results.StatusCode(418);
        });
        app.MapGet("/own-status-throws", async (Context ctx, HttpResponse response) =>
        {
            response.StatusCode = 409;
            await Wait(ctx);
        });
        app.MapGet("/own-answer", async (Context ctx) =>
        {
            await EndOf(ctx);
            return "as far as I got";
        });
        app.MapGet("/own-unflushed", async (Context ctx, HttpResponse response) =>
        {
            await EndOf(ctx);
            response.BodyWriter.Advance(
                "as far as I got"u8.TryCopyTo(response.BodyWriter.GetSpan(100)) ? 15 : 0);
        });
        app.MapGet("/half", async (Context ctx, HttpResponse response) =>
        {
            await response.WriteAsync("half");
            await response.Body.FlushAsync();
            await Wait(ctx);
        });
        app.MapGet("/fails", async (Context ctx) =>
        {
            await EndOf(ctx);
            throw new InvalidOperationException("provoked");
        });
    }

    private Task Wait(Context ctx)
    {
        _given.TrySetResult(ctx);
        return ctx.Delay(Timeout.InfiniteTimeSpan);
    }

    private async Task EndOf(Context ctx)
    {
        _given.TrySetResult(ctx);
        await Select.Done(ctx);
    }
}
