namespace Baton.Testing.Tests;

/// <summary>A point at which the code under test waits for the test.</summary>
public sealed class SyncPointTests
{
    [Fact]
    public async Task The_test_acts_when_the_code_is_there_and_lets_it_go_on()
    {
        using var test = new ContextTest();
        var asked = new SyncPoint();
        var steps = new List<string>();
        var running = Task.Run(async () =>
        {
            await asked.ArriveAsync(test.Context);
            lock (steps)
            {
                steps.Add("code");
            }
        });

        await asked.ArrivedAsync();
        lock (steps)
        {
            steps.Add("test");
        }

        asked.Release();
        await WaitFor.Completion(running);

        Assert.Equal(["test", "code"], steps);
    }

    [Fact]
    public async Task The_end_of_the_context_ends_the_wait_too()
    {
        using var test = new ContextTest();
        using var child = test.Context.WithTimeout(TimeSpan.FromSeconds(2));
        var asked = new SyncPoint();
        var running = asked.ArriveAsync(child);
        await asked.ArrivedAsync();

        test.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(running));
    }

    [Fact]
    public async Task A_release_before_the_arrival_counts()
    {
        var asked = new SyncPoint();
        asked.Release();
        asked.Release();

        await WaitFor.Completion(asked.ArriveAsync(Context.Background));
    }

    [Fact]
    public async Task Code_that_never_comes_fails_the_test()
    {
        var e = await Assert.ThrowsAsync<ContextAssertionException>(
            () => new SyncPoint().ArrivedAsync(TimeSpan.Zero));

        Assert.Equal("The code under test has not come to the point within 00:00:00.", e.Message);
    }
}
