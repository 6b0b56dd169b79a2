namespace Baton.Acts;

/// <summary>
/// Uses .NET's own types as an application does, not as a process that measures one act: it makes, awaits and
/// ends every kind of source and registration. <see cref="EveryContext"/> is Baton's side.
/// </summary>
public static class EverySource
{
    private static readonly CancellationTokenSource s_parent = new();

    /// <summary>The parent that two threads have derived from at once.</summary>
    public static CancellationToken Parent => s_parent.Token;

    /// <summary>Uses everything, some hundred times.</summary>
    public static void Use()
    {
        BothCores.Run(static () =>
        {
            using var child = CancellationTokenSource.CreateLinkedTokenSource(Parent);
            child.CancelAfter(TimeSpan.FromHours(1));
        });
        using var foreign = new CancellationTokenSource();
        for (var i = 0; i < BothCores.Rounds; i++)
        {
            UseOnce(foreign.Token);
        }

        Task.Run(AwaitAsync).GetAwaiter().GetResult();
    }

    private static void UseOnce(CancellationToken foreign)
    {
        CancellationTokenSource[] kinds =
        [
            new(),
            new(TimeSpan.FromHours(1)),
            new(TimeSpan.FromHours(1), new OwnClock()),
            CancellationTokenSource.CreateLinkedTokenSource(Parent),
            CancellationTokenSource.CreateLinkedTokenSource(Parent, foreign),
            CancellationTokenSource.CreateLinkedTokenSource(Parent, foreign, CancellationToken.None),
        ];
        foreach (var source in kinds)
        {
            source.CancelAfter(TimeSpan.FromHours(2));
            using var child = CancellationTokenSource.CreateLinkedTokenSource(source.Token);
            child.Token.UnsafeRegister(static _ => { }, null).Dispose();
            child.Token.Register(static () => { });
            source.Cancel();
            Made.Canceled(child.IsCancellationRequested);
            source.Dispose();
        }
    }

    private static async Task AwaitAsync()
    {
        for (var i = 0; i < BothCores.Rounds; i++)
        {
            using var child = CancellationTokenSource.CreateLinkedTokenSource(Parent);
            var work = new TaskCompletionSource();
            Task[] waits =
            [
                Task.Delay(Timeout.InfiniteTimeSpan, child.Token),
                Task.Delay(TimeSpan.FromHours(1), child.Token),
                work.Task.WaitAsync(child.Token),
                Task.WhenAny(work.Task, Task.Delay(TimeSpan.FromHours(1), child.Token)),
            ];
            child.Cancel();
            await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
