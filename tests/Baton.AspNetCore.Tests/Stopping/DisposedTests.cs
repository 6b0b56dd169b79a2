using Microsoft.Extensions.Logging;

namespace Baton.AspNetCore.Tests;

/// <summary>An application that is disposed without having been stopped.</summary>
public sealed class DisposedTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_log_says_that_requests_are_canceled_if_there_are_any(bool isRunning)
    {
        var logs = new LogsClean(expectedError: null);
        var services = new ServiceCollection()
            .AddBaton()
            .AddLogging(logging => logging.AddProvider(logs).AddFilter(nameof(Baton), LogLevel.Debug))
            .BuildServiceProvider();
        var server = services.GetRequiredService<BatonServer>();
        var request = RequestContext.At(new DefaultHttpContext(), server);
        request.Begin(server.Plans.Of(null), server.Context, RequestDeadline.None);
        var ctx = request.Look();
        if (!isRunning)
        {
            request.Leave();
            request.Complete();
        }

        await services.DisposeAsync();

        Assert.True(ctx.IsDone);
        Assert.Equal(isRunning, ctx.Cause is ServerShutdownException);
        Assert.Equal(
            isRunning ? 1 : 0,
            logs.Entries.Count(static line => line.Contains("because the server stops", StringComparison.Ordinal)));
    }
}
