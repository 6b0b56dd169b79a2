using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests.Observing;

/// <summary>The warning about handlers that go on for long after their context is done.</summary>
public sealed class OverrunWarningTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(1000, 1500, true)]
    [InlineData(1000, 1000, false)]
    [InlineData(0, 1, true)]
    [InlineData(-1, 100_000, false)]
    public async Task It_is_logged_for_an_overrun_above_the_threshold(int threshold, int overrun, bool isLogged)
    {
        await using var server = await StartAsync(threshold, () => overrun);

        using var response = await server.Client.GetAsync("/slow/7");

        var warnings = server.Logs.Where(static line => line.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Equal(isLogged ? 1 : 0, warnings.Count());
        Assert.All(warnings, static line =>
        {
            Assert.Contains("/slow/{id} went on for 00:00:0", line, StringComparison.Ordinal);
            Assert.Contains("BTN105", line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task There_is_one_in_a_minute_for_each_endpoint()
    {
        await using var server = await StartAsync(1000, static () => 5000);

        await AskAsync("/slow/1", "/slow/2", "/slow/3", "/other", "/other");
        var first = Warnings();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await AskAsync("/slow/4", "/slow/5");

        Assert.Equal(2, first);
        Assert.Equal(3, Warnings());

        int Warnings() => server.Logs.Count(static line => line.StartsWith("Warning", StringComparison.Ordinal));

        async Task AskAsync(params string[] paths)
        {
            foreach (var path in paths)
            {
                using var response = await server.Client.GetAsync(path);
            }
        }
    }

    private Task<Server> StartAsync(int threshold, Func<int> overrun) => Server.StartAsync(
        app =>
        {
            app.MapGet("/slow/{id}", Overrun);
            app.MapGet("/other", Overrun);

            void Overrun(Context ctx)
            {
                _clock.Advance(TimeSpan.FromSeconds(2));
                Assert.True(ctx.IsDone);
                _clock.Advance(TimeSpan.FromMilliseconds(overrun()));
            }
        },
        builder => builder.Services.AddBaton(options =>
        {
            options.BaseContext = Context.Root(_clock);
            options.Timeout = TimeSpan.FromSeconds(2);
            options.OverrunWarning = TimeSpan.FromMilliseconds(threshold);
        }),
        expectedError: "went on for");
}
