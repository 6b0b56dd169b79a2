using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Baton.AspNetCore.Tests.Stopping;

/// <summary>A program that gets real signals.</summary>
public sealed class StopProgramTests
{
    private const string Ended = "ended: ServerShutdownException";

    /// <summary>Less than any time that the program would otherwise wait for.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Requests_that_obey_are_canceled_after_the_grace_and_get_a_response_over_HTTP_1_and_HTTP_2()
    {
        using var program = await StoppingProgram.StartAsync("--grace", "1");
        using var client = new HttpClient();
        Assert.Equal("true", await client.GetStringAsync(program.Addresses.Http1));
        var http1 = client.GetAsync(new Uri(program.Addresses.Http1, "/obeys"));
        var http2 = client.SendAsync(OverHttp2(new Uri(program.Addresses.Http2, "/obeys")));
        await program.Until(() => program.Count("started") == 2);

        var start = Stopwatch.GetTimestamp();
        var exitCode = await program.StopAsync(PosixSignal.SIGTERM);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(1), s_soon);
        Assert.Equal(0, exitCode);
        await AssertUnavailableAsync(http1);
        await AssertUnavailableAsync(http2);
        Assert.Equal(2, program.Count(Ended));
        Assert.Equal("stopped", program.Output[^1]);
    }

    [Fact]
    public async Task A_request_that_does_not_obey_is_cut_when_the_hosts_time_is_over()
    {
        using var program = await StoppingProgram.StartAsync("--grace", "1", "--limit", "2");
        using var client = new HttpClient();
        var answer = client.GetAsync(new Uri(program.Addresses.Http1, "/ignores"));
        await program.Until(() => program.Count("started") == 1);

        var start = Stopwatch.GetTimestamp();
        var exitCode = await program.StopAsync(PosixSignal.SIGTERM);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(2), s_soon);
        Assert.Equal(0, exitCode);
        Assert.Equal(1, program.Count(Ended));
        await Assert.ThrowsAsync<HttpRequestException>(() => WaitFor.Result(answer));
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task A_second_signal_ends_the_grace(PosixSignal signal)
    {
        using var program = await StoppingProgram.StartAsync("--grace", "30");
        using var client = new HttpClient();
        var answer = client.GetAsync(new Uri(program.Addresses.Http1, "/obeys"));
        await program.Until(() => program.Count("started") == 1);

        var start = Stopwatch.GetTimestamp();
        program.Send(signal);
        await RefusesAsync(program, client);
        Assert.Equal(0, program.Count(Ended));
        var exitCode = await program.StopAsync(signal);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, s_soon);
        Assert.Equal(0, exitCode);
        Assert.Equal(1, program.Count(Ended));
        await AssertUnavailableAsync(answer);
    }

    [Fact]
    public async Task An_idle_program_stops_at_once_though_a_connection_is_kept_alive()
    {
        using var program = await StoppingProgram.StartAsync("--grace", "30");
        using var client = new HttpClient();
        Assert.Equal("true", await client.GetStringAsync(program.Addresses.Http1));
        using var answer = await client.SendAsync(OverHttp2(program.Addresses.Http2));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var start = Stopwatch.GetTimestamp();
        var exitCode = await program.StopAsync(PosixSignal.SIGTERM);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, s_soon);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Within_the_delay_it_is_not_ready_but_responds_and_a_second_signal_ends_it()
    {
        using var program = await StoppingProgram.StartAsync("--grace", "20", "--delay", "20");
        using var client = new HttpClient();
        var ready = new Uri(program.Addresses.Http1, "/ready");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(ready)).StatusCode);

        var start = Stopwatch.GetTimestamp();
        program.Send(PosixSignal.SIGTERM);
        await program.Until(() =>
            client.GetAsync(ready).GetAwaiter().GetResult().StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Equal("true", await client.GetStringAsync(program.Addresses.Http1));
        var exitCode = await program.StopAsync(PosixSignal.SIGTERM);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, s_soon);
        Assert.Equal(0, exitCode);
    }

    private static async Task AssertUnavailableAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await WaitFor.Result(asked);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
    }

    private static HttpRequestMessage OverHttp2(Uri url) => new(HttpMethod.Get, url)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Waits until the first signal has made it take no more requests.</summary>
    private static Task RefusesAsync(StoppingProgram program, HttpClient client) => program.Until(() =>
    {
        try
        {
            client.GetAsync(program.Addresses.Http1).GetAwaiter().GetResult().Dispose();
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    });
}
