using System.Threading.Channels;

namespace Baton.Tests;

/// <summary>
/// The waits of the core, on a thread that has a synchronization context and blocks on the wait. No wait may
/// need that thread.
/// </summary>
public sealed class BlockingCallTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, Func<Context, Task, Task>> s_waits = new()
    {
        ["Delay"] = (ctx, _) => ctx.Delay(s_hour),
        ["WaitAsync"] = (ctx, work) => ctx.WaitAsync(work),
        ["WaitAsync, that ends with the context"] = (ctx, _) => ctx.WaitAsync(new Signal().Task),
        ["Select of a delay"] = (ctx, _) => Select.After(s_hour).Done(ctx).AsTask(),
        ["Select of a task"] = (ctx, work) => Select.Completed(work).Done(ctx).AsTask(),
        ["Select of a channel"] = (ctx, _) => Select.Receive(Channel.CreateUnbounded<int>().Reader).Done(ctx)
            .AsTask(),
        ["await of a select"] = async (ctx, _) =>
            await Select.Receive(Channel.CreateUnbounded<int>().Reader).Done(ctx).ConfigureAwait(false),
        ["WaitAsync of a group"] = (ctx, work) =>
        {
            var group = ctx.Group();
            group.Go(_ => work);
            return group.WaitAsync();
        },
        ["DisposeAsync of a group"] = (ctx, work) =>
        {
            var group = ctx.Group();
            group.Go(_ => work);
            return group.DisposeAsync().AsTask();
        },
        ["StopAndWaitAsync"] = (ctx, work) =>
        {
            using var ended = ctx.WithCancel();
            var started = new ManualResetEventSlim();
            var registration = ended.AfterFunc(() =>
            {
                started.Set();
                work.Wait();
            });
            ended.Cancel();
            started.Wait();
            return registration.StopAndWaitAsync().AsTask();
        },
    };

    public static readonly TheoryData<string> Waits = [.. s_waits.Keys];

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task A_wait_does_not_need_the_blocked_thread(string name)
    {
        using var ctx = Context.Background.WithCancel();
        using var thread = new SingleThread();
        var work = new Signal();

        var (called, ended) = thread.Block(() => s_waits[name](ctx, work.Task));
        await WaitFor.Completion(called);
        Assert.False(ended.IsCompleted);
        work.SetResult();
        ctx.Cancel();

        // Other tests check how the wait ends.
        await WaitFor.Completion(Task.WhenAny(ended));
        _ = ended.Exception;
    }

    [Fact]
    public async Task An_await_of_a_select_continues_on_the_callers_context_unless_told_otherwise()
    {
        using var thread = new SingleThread();
        using var ctx = Context.Background.WithCancel();
        var (work, finished) = (new Signal(), new Signal());
        var threads = new List<Thread>();

        thread.Post(
            async _ =>
            {
                threads.Add(Thread.CurrentThread);
                await Select.Done(ctx).After(s_hour);
                threads.Add(Thread.CurrentThread);

                // This runs after this method has returned to the thread.
                thread.Post(_ => work.SetResult(), null);
                await Select.Completed(work.Task).ConfigureAwait(false);
                threads.Add(Thread.CurrentThread);
                finished.SetResult();
            },
            null);
        ctx.Cancel();
        await WaitFor.Completion(finished.Task);

        Assert.Same(threads[0], threads[1]);
        Assert.NotSame(threads[0], threads[2]);
    }
}
