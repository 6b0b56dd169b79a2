using System.Diagnostics.Metrics;
using System.Net;

namespace Baton.AspNetCore.Tests;

public sealed class CallerTimeoutTests
{
    private const string Envoy = "x-envoy-expected-rq-timeout-ms";

    private readonly ArmedClock _clock = new();

    public static TheoryData<string, string, string> Usable => new()
    {
        { "grpc-timeout", "1500m", "00:00:01.5000000" },
        { "grpc-timeout", "2S", "00:00:02" },
        { "grpc-timeout", "99999999H", "4166666.15:00:00" },
        { "Grpc-Timeout", "1n", "refused" },
        { "grpc-timeout", "0S", "refused" },
        { Envoy, "250", "00:00:00.2500000" },
        { Envoy, "0", "refused" },
        { "x-budget", "7", "00:00:07" },
    };

    public static TheoryData<string, string, string> Unusable => new()
    {
        { "grpc-timeout", "2", "malformed" },
        { "grpc-timeout", "-2S", "malformed" },
        { "grpc-timeout", "2s", "malformed" },
        { "grpc-timeout", "100000000S", "malformed" },
        { "grpc-timeout", "2S, 3S", "malformed" },
        { "grpc-timeout", "", "malformed" },
        { Envoy, "-5", "malformed" },
        { Envoy, "5.5", "malformed" },
        { Envoy, "99999999999999999999", "malformed" },
        { Envoy, "9223372036854775807", "malformed" },
        { Envoy, new string('1', 65), "oversized" },
        { "x-budget", "-7", "malformed" },
        { "x-budget", "none", "malformed" },
        { "x-budget", "throw", "failed" },
    };

    [Theory]
    [MemberData(nameof(Usable))]
    public async Task A_header_with_a_time_is_the_deadline(string name, string value, string remaining)
    {
        await using var server = await StartAsync();

        using var answer = await server.Client.SendAsync(Request((name, value)));

        Assert.Equal(remaining == "refused" ? 504 : 200, (int)answer.StatusCode);
        Assert.Equal(remaining == "refused", answer.Headers.Contains("Baton-Deadline-Exceeded"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(remaining == "refused" ? "The caller's deadline has passed.\n" : remaining, text);
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task A_header_without_is_ignored_counted_and_one_line_of_the_debug_log(
        string name, string value, string reason)
    {
        await using var server = await StartAsync(expectedError: "provoked");
        using var ignored = Ignored(server);

        using var answer = await server.Client.SendAsync(Request((name, value)));

        Assert.Equal("none", await answer.Content.ReadAsStringAsync());
        Assert.Equal([$"{name} {reason}"], ignored.Counted);
        var line = Assert.Single(
            server.Logs, static line => line.StartsWith("Debug:", StringComparison.Ordinal));
        Assert.Contains(name, line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.Equal(reason == "failed" ? 2 : 1, server.Logs.Length);
    }

    [Fact]
    public async Task A_repeated_header_is_ignored_and_counted()
    {
        await using var server = await StartAsync();
        using var ignored = Ignored(server);

        using var client = await server.SendAsync(
            "GET / HTTP/1.1\r\nHost: localhost\r\ngrpc-timeout: 1S\r\ngrpc-timeout: 2S\r\nConnection: "
            + "close\r\n\r\n");
        using var reader = new StreamReader(new System.Net.Sockets.NetworkStream(client));

        Assert.Contains("\r\nnone", await WaitFor.Result(reader.ReadToEndAsync()), StringComparison.Ordinal);
        Assert.Equal(["grpc-timeout repeated"], ignored.Counted);
    }

    [Theory]
    [InlineData("3S", "2000", "00:00:02")]
    [InlineData("1S", "2000", "00:00:01")]
    [InlineData("bad", "2000", "00:00:02")]
    public async Task Of_several_the_shortest_counts(string grpc, string envoy, string remaining)
    {
        await using var server = await StartAsync();

        using var answer = await server.Client.SendAsync(Request(("grpc-timeout", grpc), (Envoy, envoy)));

        Assert.Equal(remaining, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("8S", 4)]
    [InlineData("3S", 3)]
    public async Task It_shortens_the_endpoints_timeout_and_never_lengthens_it(string caller, int seconds)
    {
        await using var server = await StartAsync();

        using var answer = await server.Client.SendAsync(Request("/four", ("grpc-timeout", caller)));

        Assert.Equal(TimeSpan.FromSeconds(seconds).ToString(), await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("30S", "00:00:10")]
    [InlineData("10S", "00:00:10")]
    [InlineData("9S", "00:00:09")]
    [InlineData("500m", "00:00:00.5000000")]
    [InlineData("499m", null)]
    public async Task MaxTimeout_caps_it_and_below_MinTimeout_the_handler_does_not_run(
        string caller, string? remaining)
    {
        await using var server = await StartAsync(static options =>
        {
            options.MaxTimeout = TimeSpan.FromSeconds(10);
            options.MinTimeout = TimeSpan.FromMilliseconds(500);
        });

        using var answer = await server.Client.SendAsync(Request(("grpc-timeout", caller)));

        Assert.Equal(
            remaining is null ? HttpStatusCode.GatewayTimeout : HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            remaining ?? "The caller's deadline has passed.\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task MaxTimeout_sets_no_timeout_by_itself()
    {
        await using var server = await StartAsync(static options =>
            options.MaxTimeout = TimeSpan.FromSeconds(10));

        Assert.Equal("none", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_predicate_says_whose_is_taken()
    {
        await using var server = await StartAsync(
            static options =>
                options.ShouldAcceptCallerDeadline = static http => !http.Request.Path.StartsWithSegments("/four"));

        using var taken = await server.Client.SendAsync(Request(("grpc-timeout", "3S")));
        using var ignored = await server.Client.SendAsync(Request("/four", ("grpc-timeout", "3S")));

        Assert.Equal("00:00:03", await taken.Content.ReadAsStringAsync());
        Assert.Equal("00:00:04", await ignored.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_predicate_that_throws_takes_none_and_no_request_down()
    {
        await using var server = await StartAsync(
            static options =>
                options.ShouldAcceptCallerDeadline = static _ => throw new InvalidOperationException("provoked"),
            "provoked");

        using var answer = await server.Client.SendAsync(Request(("grpc-timeout", "3S")));

        Assert.Equal("none", await answer.Content.ReadAsStringAsync());
        Assert.Contains(
            "BatonOptions.ShouldAcceptCallerDeadline", Assert.Single(server.Logs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_off_with_one_line()
    {
        await using var server = await StartAsync(static options => options.CallerDeadlines.Clear());

        using var answer = await server.Client.SendAsync(
            Request(("grpc-timeout", "0S"), (Envoy, "0"), ("x-budget", "1")));

        Assert.Equal("none", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task When_it_passes_the_response_says_whose_it_was_also_one_of_the_handlers_own()
    {
        await using var server = await StartAsync();

        foreach (var path in new[] { "/waits", "/answers" })
        {
            var running = server.Client.SendAsync(Request(path, ("grpc-timeout", "3S")));
            await _clock.ArmedAsync();
            _clock.Advance(TimeSpan.FromSeconds(3));
            using var answer = await WaitFor.Result(running);

            Assert.Equal(path == "/waits" ? 504 : 500, (int)answer.StatusCode);
            Assert.Equal("caller", Assert.Single(answer.Headers.GetValues("Baton-Deadline-Exceeded")));
        }
    }

    [Fact]
    public async Task A_call_of_gRPC_without_time_gets_the_status_of_gRPC()
    {
        await using var server = await StartAsync();
        using var request = Request(("grpc-timeout", "0S"));
        request.Method = HttpMethod.Post;
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.ContentType = new("application/grpc");

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("4", Assert.Single(answer.Headers.GetValues("grpc-status")));
    }

    private static HttpRequestMessage Request(params (string Name, string Value)[] headers) =>
        Request("/", headers);

    private static HttpRequestMessage Request(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return request;
    }

    private Task<Server> StartAsync(Action<BatonOptions>? options = null, string? expectedError = null) =>
        Server.StartAsync(
            app =>
            {
                app.MapMethods("/", ["GET", "POST"], (Context ctx) =>
                    ctx.Deadline is null ? "none" : ctx.Remaining.ToString());
                app.MapGet("/four", (Context ctx) => ctx.Remaining.ToString()).WithRequestTimeout(
                    TimeSpan.FromSeconds(4));
                app.MapGet("/waits", (Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan));
                app.MapGet("/answers", async (Context ctx, HttpResponse response) =>
                {
                    await Select.Done(ctx);
                    response.StatusCode = 500;
                    await response.WriteAsync(ctx.Err!.Message);
                });
            },
            builder => builder.Services.AddBaton(baton =>
            {
                baton.BaseContext = Context.Root(_clock);
                baton.CallerDeadlines.Add(new DeadlineHeader(
                    "x-budget",
                    static time => time.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    static value => value switch
                    {
                        "throw" => throw new FormatException("provoked"),
                        "none" => null,
                        _ => TimeSpan.FromSeconds(
                            int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)),
                    }));
                options?.Invoke(baton);
            }),
            expectedError);

    /// <summary>Which headers of callers were ignored, and why. Each application has a meter of its own.</summary>
    private static CounterListener Ignored(Server server) => new(
        "Baton.AspNetCore",
        "baton.server.caller_timeouts.ignored",
        static tags => string.Join(' ', tags.Values),
        server.Services.GetRequiredService<IMeterFactory>());
}
