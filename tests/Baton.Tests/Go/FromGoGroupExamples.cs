using System.Runtime.InteropServices;

namespace Baton.Tests.Go;

/// <summary>
/// The C# of docs/from-go.md for Go's packages beside context: errgroup and os/signal.
/// </summary>
public sealed class FromGoGroupExamples
{
    private readonly Context _parent = Context.Background;

    [Fact]
    public async Task Groups()
    {
        var parent = _parent;
        var (order, done) = (7, new List<string>());

        // from-go: errgroup
        await parent.RunGroupAsync(group =>
        {
            group.Go(ctx => SaveAsync(ctx, order));
            group.Go(ctx => NotifyAsync(ctx, order));
            return Task.CompletedTask;
        });
        // end

        Assert.Equal(["notified 7", "saved 7"], done.Order());
        done.Clear();
        await BlockAsync();
        Assert.Equal(["notified 7", "saved 7"], done.Order());

        async Task BlockAsync()
        {
            // from-go: errgroup block
            await using var group = parent.Group();
            group.Go(ctx => NotifyAsync(ctx, order));
            await SaveAsync(group.Context, order);
            await group.WaitAsync();
            // end
        }

        Task SaveAsync(Context ctx, int order) => AddAsync(ctx, $"saved {order}");
        Task NotifyAsync(Context ctx, int order) => AddAsync(ctx, $"notified {order}");
        Task AddAsync(Context ctx, string text)
        {
            ContextAssert.Live(ctx);
            lock (done)
            {
                done.Add(text);
            }

            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task GroupResults()
    {
        var parent = _parent;

        // from-go: errgroup results
        var page = "";
        await parent.RunGroupAsync(async group =>
        {
            var user = group.Run(LoadUserAsync);
            var cart = group.Run(LoadCartAsync);
            page = $"{await user} {await cart}";
        });
        // end

        Assert.Equal("ann hat", page);

        static Task<string> LoadUserAsync(Context ctx) => Task.FromResult("ann");
        static Task<string> LoadCartAsync(Context ctx) => Task.FromResult("hat");
    }

    [Fact]
    public async Task GroupWithLimit()
    {
        var parent = _parent;
        var items = Enumerable.Range(0, 100);
        var handled = 0;

        // from-go: errgroup limit
        await parent.RunGroupAsync(
            async group =>
            {
                foreach (var item in items)
                {
                    await group.GoAsync(ctx => HandleAsync(ctx, item));
                }
            },
            limit: 8);
        // end

        Assert.Equal(100, handled);

        async Task HandleAsync(Context ctx, int item)
        {
            await Task.Yield();
            ctx.ThrowIfDone();
            Interlocked.Increment(ref handled);
        }
    }

    [Fact]
    public void Signals()
    {
        // from-go: signals
        using var ctx = Context.Background.WithSignals(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        // end

        ContextAssert.Live(ctx);
    }
}
