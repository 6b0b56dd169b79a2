using Microsoft.Extensions.Hosting;

namespace Baton.AspNetCore.Tests.Stopping;

/// <summary>The two times of a stop against the host's.</summary>
public sealed class StopOptionsTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(30, 0, 5)]
    [InlineData(10, 0, 5)]
    [InlineData(4, 0, 2)]
    [InlineData(10, 8, 1)]
    [InlineData(-1, 60, 5)]
    public void The_default_grace_is_five_seconds_or_half_of_what_the_host_leaves(
        int host, int delay, int grace)
    {
        var options = new BatonOptions { ShutdownDelay = delay * s_second };

        Assert.Equal(
            grace * s_second, options.GraceWithin(host < 0 ? Timeout.InfiniteTimeSpan : host * s_second));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 1)]
    [InlineData(5, 0)]
    [InlineData(4, null)]
    public async Task What_does_not_fit_within_the_hosts_time_fails_at_the_start(int delay, int? grace)
    {
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(delay, grace));

        Assert.Contains("ShutdownTimeout, 00:00:04", failed.Message, StringComparison.Ordinal);
        Assert.Contains($"00:00:0{delay} and 00:00:0{grace ?? 0}", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Configure<HostOptions>", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, null)]
    [InlineData(0, null)]
    public Task What_fits_starts(int delay, int? grace) => StartAsync(delay, grace);

    [Fact]
    public void A_time_is_zero_or_more()
    {
        var options = new BatonOptions();

        var delay = Assert.Throws<ArgumentOutOfRangeException>(() => options.ShutdownDelay = -s_second);
        var grace = Assert.Throws<ArgumentOutOfRangeException>(() =>
            options.ShutdownGrace = Timeout.InfiniteTimeSpan);

        Assert.Equal(-s_second, delay.ActualValue);
        Assert.Equal(Timeout.InfiniteTimeSpan, grace.ActualValue);
    }

    [Fact]
    public void The_health_check_has_the_name_and_the_tags_that_it_is_given()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddServerLifetimeCheck().AddServerLifetimeCheck("stop", "a", "b");
        using var provider = services.BuildServiceProvider();

        var checks = provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<
            Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckServiceOptions>>().Value.Registrations;

        Assert.Equal(["baton: ready", "stop: a,b"], checks.Select(check =>
            $"{check.Name}: {string.Join(',', check.Tags)}"));
    }

    private static async Task StartAsync(int delay, int? grace)
    {
        var builder = Server.Builder();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = 4 * s_second);
        builder.Services.AddBaton(options =>
        {
            options.ShutdownDelay = delay * s_second;
            options.ShutdownGrace = grace * s_second;
        });
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(new CancellationToken(canceled: true));
    }
}
