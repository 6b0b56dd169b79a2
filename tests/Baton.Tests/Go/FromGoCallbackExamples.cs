namespace Baton.Tests.Go;

/// <summary>The callbacks of docs/from-go.md.</summary>
public sealed class FromGoCallbackExamples
{
    private static readonly Context s_parent = Context.Background;

    [Fact]
    public async Task AfterFunc()
    {
        using var ctx = s_parent.WithCancel();
        var cleanedUp = new TaskCompletionSource();
        var cleanUp = cleanedUp.SetResult;
        Assert.True(Stop(ctx, cleanUp));

        // from-go: AfterFunc
        var registration = ctx.AfterFunc(cleanUp);
        // end

        ctx.Cancel();
        await WaitFor.Completion(cleanedUp.Task);
        Assert.False(registration.Stop());

        static bool Stop(Context ctx, Action cleanUp)
        {
            var registration = ctx.AfterFunc(cleanUp);

            // from-go: stop
            var stopped = registration.Stop();
            // end

            return stopped;
        }
    }

    [Fact]
    public async Task AfterFuncWithATask()
    {
        var connection = new MemoryStream();
        await UseAsync();
        Assert.False(connection.CanRead);

        async Task UseAsync()
        {
            using var ctx = s_parent.WithCancel();

            // from-go: AfterFunc with a task
            await using var registration = ctx.AfterFunc(async () => await connection.DisposeAsync());
            // end

            ctx.Cancel();
        }
    }
}
