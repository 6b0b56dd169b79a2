using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Baton.Acts;

/// <summary>
/// Uses Baton as an application does, not as a process that measures one act: it makes, awaits and ends every
/// kind of context. <see cref="EverySource"/> is .NET's side.
/// </summary>
public static class EveryContext
{
    private static readonly ContextKey<int> s_key = new("every");
    private static readonly CancelableContext s_parent = Context.Background.WithCancel();
    private static readonly OwnClock s_clock = new();

    /// <summary>The parent that two threads have derived from at once, so that it is spread over the cores.</summary>
    public static Context Parent => s_parent;

    /// <summary>Uses everything, some hundred times.</summary>
    public static void Use()
    {
        BothCores.Run(static () => s_parent.WithTimeout(TimeSpan.FromHours(1)).Dispose());
        using var foreign = new CancellationTokenSource();
        for (var i = 0; i < BothCores.Rounds; i++)
        {
            UseOnce(foreign.Token);
        }

        using (Context.Background.WithSignals(PosixSignal.SIGHUP))
        {
        }

        Task.Run(AwaitAsync).GetAwaiter().GetResult();
    }

    private static void UseOnce(CancellationToken foreign)
    {
        var over = Context.FromToken(foreign);
        CancelableContext[] kinds =
        [
            Parent.WithCancel(),
            Parent.WithCancel(foreign),
            Parent.WithTimeout(TimeSpan.FromHours(1)),
            Parent.WithDeadline(DateTimeOffset.MaxValue),
            Parent.WithValue(s_key, 1).WithCancel(),
            Parent.WithoutCancel().WithCancel(),
            over.WithTimeout(TimeSpan.FromHours(1)),
            Context.Root(s_clock).WithTimeout(TimeSpan.FromHours(1)),
            Context.Todo.WithCancel(),
        ];
        foreach (var ctx in kinds)
        {
            using var child = ctx.WithTimeout(TimeSpan.FromHours(2));
            using var grandchild = child.WithValue(s_key, 2).WithCancel();
            grandchild.AfterFunc(static () => { }).Stop();
            grandchild.AfterFunc(static () => { });
            _ = grandchild.Deadline;
            _ = grandchild.Done;
            ctx.Cancel();
            Made.Canceled(grandchild.IsDone && grandchild.Err == ctx.Err && grandchild.Value(s_key) == 2);
            ctx.Dispose();
        }
    }

    private static async Task AwaitAsync()
    {
        for (var i = 0; i < BothCores.Rounds; i++)
        {
            using var child = Parent.WithCancel();
            var channel = Channel.CreateUnbounded<int>();
            var work = new TaskCompletionSource();
            var group = child.Group();
            group.Go(static ctx => ctx.Delay(Timeout.InfiniteTimeSpan));
            Task[] waits =
            [
                child.Delay(Timeout.InfiniteTimeSpan),
                child.Delay(TimeSpan.FromHours(1)),
                child.WaitAsync(work.Task),
                Select.After(TimeSpan.FromHours(1)).Done(child).AsTask(),
                Select.Receive(channel.Reader).Done(child).AsTask(),
                group.WaitAsync(),
            ];
            child.Cancel();
            await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await group.DisposeAsync();
        }
    }
}
