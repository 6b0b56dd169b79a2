using CsCheck;

namespace Baton.Tests;

public sealed class DisposeTests
{
    private static readonly ContextKey<string> s_key = new("key");

    [Fact]
    public void Disposing_twice_is_the_same_as_disposing_once()
    {
        using var parent = Context.Background.WithCancel();
        var ctx = parent.WithTimeout(TimeSpan.FromDays(1));

        ctx.Dispose();
        var err = ctx.Err;
        ctx.Dispose();

        Assert.Same(err, ctx.Err);
        Assert.Equal(0, parent.ChildCount);
    }

    [Fact]
    public async Task Disposal_by_many_threads_ends_the_context_once()
    {
        var clock = new FakeTimeProvider();
        using var parent = Context.Root(clock).WithCancel();
        for (var round = 0; round < 200; round++)
        {
            var ctx = parent.WithTimeout(TimeSpan.FromHours(1));
            var child = ctx.WithCancel();
            var runs = 0;
            ctx.AfterFunc(() => Interlocked.Increment(ref runs));
            using var barrier = new Barrier(4);

            await WaitFor.Completion(Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    barrier.SignalAndWait(TestContext.Current.CancellationToken);
                    ctx.Dispose();
                    Assert.True(child.IsDone);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))));

            await WaitFor.True(() => Volatile.Read(ref runs) == 1);
            Assert.Equal(0, parent.ChildCount);
            Assert.Equal(0, parent.Queue.Count);
        }
    }

    [Fact]
    public void Every_member_can_still_be_called()
    {
        var clock = new FakeTimeProvider();
        using var parent = Context.Root(clock).WithValue(s_key, "value").WithCancel();
        var ctx = parent.WithTimeout(TimeSpan.FromSeconds(5));

        ctx.Dispose();

        Assert.True(ctx.IsDone);
        Assert.True(ctx.Done.IsCancellationRequested);
        Assert.Equal("value", ctx.Value(s_key));
        Assert.Equal(TimeSpan.FromSeconds(5), ctx.Remaining);
        Assert.Same(clock, ctx.TimeProvider);
        Assert.Contains("WithDeadline", ctx.ToString(), StringComparison.Ordinal);
        Assert.Throws<ContextCanceledException>(ctx.ThrowIfDone);
        Assert.Same(ctx, Context.FromToken(ctx.Done));
        ctx.Cancel();
        ctx.Cancel(new InvalidOperationException("too late"));
        Assert.Same(ctx.Err, ctx.Cause);
    }

    [Fact]
    public void Everything_derived_from_a_disposed_context_is_done_and_hangs_on_nothing()
    {
        var clock = new FakeTimeProvider();
        var cause = new InvalidOperationException("first");
        var ctx = Context.Root(clock).WithCancel();
        ctx.Cancel(cause);
        ctx.Dispose();
        using var source = new CancellationTokenSource();

        Context[] made =
        [
            ctx.WithCancel(),
            ctx.WithCancel(source.Token),
            ctx.WithTimeout(TimeSpan.FromDays(1)),
            ctx.WithTimeout(TimeSpan.Zero),
            ctx.WithTimeout(Timeout.InfiniteTimeSpan),
            ctx.WithDeadline(DateTimeOffset.MaxValue),
            ctx.WithDeadline(DateTimeOffset.MinValue),
            ctx.WithValue(s_key, "value"),
            Context.Root(new FakeTimeProvider()).WithCancel(ctx),
        ];

        Assert.All(made, child => Assert.Same(ctx.Err, child.Err));
        Assert.All(made, child => Assert.Same(cause, child.Cause));
        Assert.All(made, child => Assert.True(child.Done.IsCancellationRequested));
        Assert.All(made, child => Assert.Equal(0, child.Queue.Count));
        Assert.Equal(0, ctx.ChildCount);
        Assert.Equal(0, ctx.CallbackCount);
    }

    [Fact]
    public void A_detached_context_from_a_disposed_one_is_live()
    {
        var ctx = Context.Background.WithValue(s_key, "value").WithCancel();
        ctx.Dispose();

        using var detached = ctx.WithoutCancel().WithCancel();

        Assert.False(detached.IsDone);
        Assert.Equal("value", detached.Value(s_key));
    }

    [Fact]
    public void It_leaves_parent_and_siblings_alone_in_whatever_order()
    {
        using var parent = Context.Background.WithCancel();
        Gen.Shuffle(Enumerable.Range(0, 6).ToArray()).Sample(
            order =>
            {
                var siblings = Array.ConvertAll(order, _ => parent.WithCancel());
                for (var i = 0; i < order.Length; i++)
                {
                    siblings[order[i]].Dispose();
                    Assert.Equal(order.Length - i - 1, parent.ChildCount);
                    Assert.Equal(order.Length - i - 1, siblings.Count(s => !s.IsDone));
                }
            },
            iter: 1_000,
            threads: 1);

        Assert.False(parent.IsDone);
    }

    [Fact]
    public void A_stopped_callback_leaves_the_others_alone_in_whatever_order()
    {
        using var ctx = Context.Background.WithCancel();
        Gen.Shuffle(Enumerable.Range(0, 6).ToArray()).Sample(
            order =>
            {
                var registrations = Array.ConvertAll(order, _ => ctx.AfterFunc(() => { }));
                for (var i = 0; i < order.Length; i++)
                {
                    Assert.True(registrations[order[i]].Stop());
                    Assert.Equal(order.Length - i - 1, ctx.CallbackCount);
                }
            },
            iter: 1_000,
            threads: 1);
    }

    [Fact]
    public void It_ends_what_was_derived_first()
    {
        using var parent = Context.Background.WithCancel();
        var child = parent.WithCancel();
        var grandchild = child.WithTimeout(TimeSpan.FromDays(1));

        child.Dispose();

        Assert.Same(child.Err, grandchild.Err);
        Assert.Equal(0, child.ChildCount);
        grandchild.Dispose();
        Assert.Same(child.Err, grandchild.Err);
    }
}
