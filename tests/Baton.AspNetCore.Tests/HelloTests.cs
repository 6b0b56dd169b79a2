using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Baton.AspNetCore.Tests;

/// <summary>The program samples/hello, run as its users run it.</summary>
public sealed class HelloTests
{
    private static readonly string[] s_left =
        ["server: hello handler started", "server: context canceled", "server: hello handler ended"];

    [Fact]
    public async Task For_a_client_that_leaves_it_prints_three_lines_and_nothing_else()
    {
        using var hello = await HelloProgram.StartAsync();

        var client = await hello.AskAsync();
        await WaitFor.True(() => hello.Output.Length == 1);
        var closed = Stopwatch.GetTimestamp();
        client.Dispose();
        await WaitFor.True(() => hello.Output.Length == 3);
        TestContext.Current.SendDiagnosticMessage(
            "printed {0} ms after the close", Stopwatch.GetElapsedTime(closed).TotalMilliseconds);
        await hello.StopAsync(PosixSignal.SIGTERM);

        Assert.Equal(s_left, hello.Output);
        Assert.Equal([$"dashboard: {hello.Address.ToString().TrimEnd('/')}/baton"], hello.Errors);
    }

    [Fact]
    public async Task A_client_that_stays_gets_its_hello_after_ten_seconds()
    {
        using var hello = await HelloProgram.StartAsync();
        using var client = new HttpClient { BaseAddress = hello.Address };

        var start = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync("/hello");
        var took = Stopwatch.GetElapsedTime(start);
        await hello.StopAsync(PosixSignal.SIGTERM);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("hello\n", await answer.Content.ReadAsStringAsync());
        Assert.InRange(took, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
        Assert.Equal(["server: hello handler started", "server: hello handler ended"], hello.Output);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task It_stops_within_two_seconds_with_a_request_running(PosixSignal signal)
    {
        using var hello = await HelloProgram.StartAsync();
        using var client = await hello.AskAsync();
        await WaitFor.True(() => hello.Output.Length == 1);

        var start = Stopwatch.GetTimestamp();
        var exitCode = await hello.StopAsync(signal);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(0, exitCode);
        Assert.Equal(s_left, hello.Output);
        Assert.Equal([$"dashboard: {hello.Address.ToString().TrimEnd('/')}/baton"], hello.Errors);
    }

    [Fact]
    public async Task If_the_port_is_taken_it_says_so_in_one_line_and_fails()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        using var hello = HelloProgram.Run($"http://127.0.0.1:{port}");

        Assert.Equal(1, await hello.ExitAsync());
        Assert.Empty(hello.Output);
        var line = Assert.Single(hello.Errors);
        Assert.Contains($":{port}", line, StringComparison.Ordinal);
        Assert.Contains("--urls http://localhost:8091", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_may_name_the_port()
    {
        using var hello = await HelloProgram.StartAsync(byEnvironment: true);
        using var client = await hello.AskAsync();

        await WaitFor.True(() => hello.Output.Length == 1);
        Assert.Equal("server: hello handler started", hello.Output[0]);
    }

    [Fact]
    public async Task For_a_client_still_there_when_the_context_ends_the_response_is_the_error()
    {
        using var end = new CancellationTokenSource();
        await using var hello = await HelloInProcess.StartAsync(http => http.RequestAborted = end.Token);
        using var client = await hello.AskAsync("/hello");
        await WaitFor.Completion(hello.Asked);

        await end.CancelAsync();
        var buffer = new byte[4096];
        var answer = new StringBuilder();
        while (!answer.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await WaitFor.Result(client.ReceiveAsync(buffer));
            Assert.NotEqual(0, count);
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        var text = answer.ToString();
        Assert.StartsWith("HTTP/1.1 500 Internal Server Error\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain; charset=utf-8\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Content-Type-Options: nosniff\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\n11\r\ncontext canceled\n\r\n0\r\n\r\n", text, StringComparison.Ordinal);
    }
}
