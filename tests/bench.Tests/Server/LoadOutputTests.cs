namespace Baton.ServerBench.Tests;

public sealed class LoadOutputTests
{
    [Fact]
    public void The_requests_and_their_rate_are_read_from_what_wrk_prints()
    {
        var output = LoadOutput.ParseWrk("""
            Running 1s test @ http://127.0.0.1:5000/plain
              1 threads and 32 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     0.94ms    1.54ms  25.03ms   93.97%
                Req/Sec    55.34k     9.48k   63.56k    80.00%
              55012 requests in 1.00s, 8.60MB read
            Requests/sec:  54805.46
            Transfer/sec:      8.57MB
            """);

        Assert.Equal(new LoadOutput(55012, 54805.46), output);
    }

    [Theory]
    [InlineData("  Socket errors: connect 0, read 3, write 0, timeout 0")]
    [InlineData("  Non-2xx or 3xx responses: 55012")]
    public void Errors_that_wrk_saw_are_errors(string line)
    {
        var e = Assert.Throws<InvalidOperationException>(
            () => LoadOutput.ParseWrk(
                $"  55012 requests in 1.00s, 8.60MB read\n{line}\nRequests/sec:  54805.46\n"));

        Assert.Contains(line.Trim(), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_requests_and_their_rate_are_read_from_what_h2load_prints()
    {
        var output = LoadOutput.ParseH2Load("""
            finished in 1.02s, 219754.00 req/s, 7.56MB/s
            requests: 219754 total, 219818 started, 219754 done, 219754 succeeded, 0 failed, 0 errored, 0 timeout
            status codes: 219754 2xx, 0 3xx, 0 4xx, 0 5xx
            """);

        Assert.Equal(new LoadOutput(219754, 219754), output);
    }

    [Theory]
    [InlineData("requests: 10 total, 10 started, 10 done, 9 succeeded, 1 failed, 0 errored, 0 timeout")]
    [InlineData("requests: 10 total, 10 started, 10 done, 9 succeeded, 0 failed, 1 errored, 0 timeout")]
    public void Errors_that_h2load_saw_are_errors(string line) => Assert.Throws<InvalidOperationException>(
        () => LoadOutput.ParseH2Load($"finished in 1.00s, 10.00 req/s, 1KB/s\n{line}\n"));

    [Fact]
    public void What_is_something_else_is_refused() =>
        Assert.Throws<InvalidOperationException>(static () => LoadOutput.ParseWrk("command not found"));
}
