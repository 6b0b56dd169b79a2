using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

public sealed class DeadlineHeaderTests
{
    private const string Address = "http://orders.internal/";

    private readonly FakeTimeProvider _clock = new();
    private readonly Recorder _network = new();

    [Fact]
    public async Task The_time_that_is_left_goes_along()
    {
        using var ctx = Timed(TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromMilliseconds(500));

        await SendAsync(ctx);

        Assert.Equal("1500m", Assert.Single(_network.Timeouts));
    }

    [Fact]
    public async Task The_reserve_is_kept_back()
    {
        using var ctx = Timed(TimeSpan.FromSeconds(2));

        await SendAsync(ctx, new BatonHttpOptions { Reserve = TimeSpan.FromMilliseconds(50) });

        Assert.Equal("1950m", Assert.Single(_network.Timeouts));
    }

    [Fact]
    public async Task Without_a_deadline_nothing_is_said_about_one()
    {
        using var ctx = Context.Background.WithCancel();

        await SendAsync(ctx, new BatonHttpOptions { MinRemaining = TimeSpan.FromHours(1) });

        Assert.Null(Assert.Single(_network.Timeouts));
    }

    [Fact]
    public async Task Envoys_header_takes_whole_milliseconds()
    {
        using var ctx = Timed(TimeSpan.FromMilliseconds(1500.7));
        using var late = Timed(TimeSpan.FromMilliseconds(0.2));

        await SendAsync(ctx, new BatonHttpOptions { Header = DeadlineHeader.EnvoyExpectedTimeout });
        await SendAsync(late, new BatonHttpOptions { Header = DeadlineHeader.EnvoyExpectedTimeout });

        Assert.Equal(
            ["1500", "1"], _network.Headers.Select(headers => headers["x-envoy-expected-rq-timeout-ms"]));
    }

    [Fact]
    public async Task A_header_of_ones_own_is_written_as_it_says()
    {
        using var ctx = Timed(TimeSpan.FromSeconds(2));
        var header = new DeadlineHeader(
            "x-seconds-left",
            static time => time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            static text => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture)));

        await SendAsync(ctx, new BatonHttpOptions { Header = header });

        Assert.Equal("2", Assert.Single(_network.Headers)["x-seconds-left"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1\r\nx-admin: 1")]
    [InlineData("1 µs")]
    public async Task What_no_header_can_say_is_refused(string? text)
    {
        using var network = new Recorder();
        var options = new BatonHttpOptions { Header = new DeadlineHeader("x-time", _ => text!, static _ => null) };
        using var client = new HttpClient(new BatonHandler(network, options));
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.GetAsync(ctx, "http://orders.internal/"));

        Assert.Contains("'x-time'", error.Message, StringComparison.Ordinal);
        Assert.Empty(network.Addresses);
    }

    [Fact]
    public async Task A_header_that_the_caller_has_set_stays()
    {
        using var ctx = Timed(TimeSpan.FromSeconds(2));
        using var client = new HttpClient(new BatonHandler(_network));
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Add("grpc-timeout", "5S");

        using var response = await client.SendAsync(ctx, request);

        Assert.Equal("5S", Assert.Single(_network.Timeouts));
        Assert.Equal("5S", request.Headers.GetValues("grpc-timeout").Single());
    }

    [Fact]
    public async Task What_was_written_is_taken_off_again()
    {
        using var ctx = Timed(TimeSpan.FromSeconds(2));
        using var client = new HttpClient(new BatonHandler(_network));
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);

        using var response = await client.SendAsync(ctx, request);

        Assert.Empty(request.Headers);
    }

    [Theory]
    [InlineData("orders.internal", true)]
    [InlineData("ORDERS.internal", true)]
    [InlineData("orders.internal:80", true)]
    [InlineData("orders.internal:8080", false)]
    [InlineData("*.internal", true)]
    [InlineData("*", true)]
    [InlineData("internal", false)]
    [InlineData("*.orders.internal", false)]
    [InlineData("ders.internal", false)]
    [InlineData(null, false)]
    public async Task Only_hosts_that_are_listed_are_told(string? host, bool isTold)
    {
        using var ctx = Timed(TimeSpan.FromSeconds(2));

        await SendAsync(ctx, new BatonHttpOptions { DeadlineHosts = host is null ? [] : [host] });

        Assert.Equal(isTold ? "2S" : null, Assert.Single(_network.Timeouts));
    }

    [Theory]
    [InlineData("http://orders.internal")]
    [InlineData("orders.internal/path")]
    [InlineData("")]
    [InlineData("*.")]
    [InlineData("a b")]
    [InlineData("*x.internal")]
    [InlineData("me@orders.internal")]
    public void What_is_no_host_is_refused(string host)
    {
        var error = Assert.Throws<ArgumentException>(() => new BatonHttpOptions { DeadlineHosts = [host] });

        Assert.Contains("*.internal", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Negative_times_are_refused_with_the_way_out()
    {
        var reserve = Assert.Throws<ArgumentOutOfRangeException>(
            () => new BatonHttpOptions { Reserve = TimeSpan.FromTicks(-1) });
        var budget = Assert.Throws<ArgumentOutOfRangeException>(
            () => new BatonHttpOptions { MinRemaining = Timeout.InfiniteTimeSpan });

        Assert.StartsWith("Reserve is zero or more. For none, leave it at TimeSpan.Zero.", reserve.Message);
        Assert.StartsWith("MinRemaining is zero or more. For none, leave it at TimeSpan.Zero.", budget.Message);
    }

    private async Task SendAsync(Context ctx, BatonHttpOptions? options = null)
    {
        using var client = new HttpClient(new BatonHandler(_network, options), disposeHandler: false);
        using var response = await client.GetAsync(ctx, Address);
    }

    private CancelableContext Timed(TimeSpan timeout) =>
        Context.Root(_clock).WithTimeout(timeout);
}
