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

        await SendAsync(ctx);

        Assert.Null(Assert.Single(_network.Timeouts));
    }

    private async Task SendAsync(Context ctx, BatonHttpOptions? options = null)
    {
        using var client = new HttpClient(new BatonHandler(_network, options));
        using var response = await client.GetAsync(ctx, Address);
    }

    private CancelableContext Timed(TimeSpan timeout) => Context.Background.WithTimeProvider(_clock).WithTimeout(timeout);
}
