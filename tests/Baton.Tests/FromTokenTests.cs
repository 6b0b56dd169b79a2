using System.Runtime.CompilerServices;

namespace Baton.Tests;

public sealed class FromTokenTests : IDisposable
{
    private static readonly ContextKey<int> s_key = new("n");

    private readonly CancellationTokenSource _source = new();

    public void Dispose() => _source.Dispose();

    [Fact]
    public void It_ends_with_the_token()
    {
        var ctx = Context.FromToken(_source.Token);
        Assert.False(ctx.IsDone);
        Assert.Null(ctx.Err);
        Assert.Null(ctx.Cause);
        Assert.Equal(_source.Token, ctx.Done);

        _source.Cancel();

        Assert.True(ctx.IsDone);
        Assert.IsType<ContextCanceledException>(ctx.Err);
        Assert.Same(ctx.Err, ctx.Err);
        Assert.Same(ctx.Err, ctx.Cause);
        Assert.Equal(
            _source.Token, Assert.Throws<ContextCanceledException>(ctx.ThrowIfDone).CancellationToken);
    }

    [Fact]
    public void It_has_no_deadline_and_no_values()
    {
        var ctx = Context.FromToken(_source.Token);

        Assert.Null(ctx.Deadline);
        Assert.Equal(Timeout.InfiniteTimeSpan, ctx.Remaining);
        Assert.False(ctx.TryGetValue(s_key, out _));
        Assert.Same(TimeProvider.System, ctx.TimeProvider);
    }

    [Fact]
    public void A_token_that_never_fires_gives_Background()
    {
        Assert.Same(Context.Background, Context.FromToken(default));
        Assert.Same(Context.Background, Context.FromToken(CancellationToken.None));
        Assert.Same(Context.Background, Context.FromToken(new CancellationToken(false)));
        Assert.Same(Context.Background, Context.FromToken(Context.Background));
        Assert.Equal(0, Memory.Allocated(static () => Context.FromToken(default)));
    }

    [Fact]
    public void A_token_that_was_canceled_already_gives_a_done_context()
    {
        _source.Cancel();
        foreach (var ctx in new[]
        {
            Context.FromToken(_source.Token), Context.FromToken(new CancellationToken(true)),
        })
        {
            using var child = ctx.WithCancel();
            using var late = ctx.WithTimeout(TimeSpan.Zero);

            Assert.True(ctx.IsDone);
            Assert.True(child.IsDone);
            Assert.IsType<ContextCanceledException>(late.Err);
        }
    }

    [Fact]
    public void The_way_back_from_a_contexts_own_token_is_the_context_itself()
    {
        using var plain = Context.Background.WithCancel();
        using var deadline = plain.WithTimeout(TimeSpan.FromDays(1));
        using var merged = deadline.WithCancel(_source.Token);
        using var done = Context.Background.WithCancel();
        done.Cancel();

        Assert.All([plain, deadline, merged, done], ctx => Assert.Same(ctx, Context.FromToken(ctx.Done)));
        Assert.Same(plain, Context.FromToken(plain.WithValue(s_key, 1).Done));
    }

    [Fact]
    public void The_way_back_allocates_nothing()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromDays(1));
        var token = ctx.Done;

        Assert.Equal(0, Memory.Allocated(() => Context.FromToken(token)));
    }

    [Fact]
    public void A_linked_token_is_a_token_of_its_own()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromDays(1)).WithCancel();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ctx, _source.Token);

        var other = Context.FromToken(linked.Token);

        Assert.NotSame(ctx, other);
        Assert.Null(other.Deadline);
        ctx.Cancel();
        Assert.False(_source.IsCancellationRequested);
    }

    [Fact]
    public void Looking_up_one_token_leaves_no_result_for_the_next()
    {
        using var ctx = Context.Background.WithCancel();

        Assert.Same(ctx, Context.FromToken(ctx.Done));
        _ = ctx.Done.GetHashCode();
        var foreign = Context.FromToken(_source.Token);

        Assert.NotSame(ctx, foreign);
        Assert.Equal(_source.Token, foreign.Done);
    }

    [Fact]
    public void A_token_can_be_the_key_of_a_dictionary()
    {
        using var first = Context.Background.WithCancel();
        using var second = Context.Background.WithCancel();
        var set = new HashSet<CancellationToken> { first.Done, second.Done, first.Done };

        Assert.Equal(2, set.Count);
        Assert.Contains(first.Done, set);
        Assert.NotEqual(first.Done, second.Done);
    }

    [Fact]
    public void A_child_ends_before_the_cancel_of_the_token_returns()
    {
        var ctx = Context.FromToken(_source.Token);
        using var child = ctx.WithValue(s_key, 1).WithTimeout(TimeSpan.FromDays(1));
        using var grandchild = child.WithCancel();

        _source.Cancel();

        Assert.True(grandchild.Done.IsCancellationRequested);
        Assert.Same(ctx.Err, grandchild.Err);
        Assert.IsType<ContextCanceledException>(child.Err);
    }

    [Fact]
    public async Task AfterFunc_Delay_WaitAsync_and_Select_end_with_the_token()
    {
        var ctx = Context.FromToken(_source.Token);
        var ran = new Signal();
        ctx.AfterFunc(ran.SetResult);
        var delay = ctx.Delay(TimeSpan.FromDays(1));
        var wait = ctx.WaitAsync(new TaskCompletionSource().Task);
        var select = Select.After(TimeSpan.FromDays(1)).Done(ctx).AsTask();

        await _source.CancelAsync();

        await WaitFor.Completion(ran.Task);
        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(delay));
        Assert.Equal(_source.Token, e.CancellationToken);
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(wait));
        Assert.Equal(1, await WaitFor.Result(select));
    }

    [Fact]
    public void A_disposed_source_ends_nothing()
    {
        var token = _source.Token;
        _source.Dispose();
        var ctx = Context.FromToken(token);

        using var child = ctx.WithCancel();
        using var registration = ctx.AfterFunc(() => { });

        Assert.False(ctx.IsDone);
        Assert.False(child.IsDone);
    }

    [Fact]
    public async Task A_token_that_fires_while_something_is_derived_ends_that_too()
    {
        for (var round = 0; round < 2_000; round++)
        {
            using var source = new CancellationTokenSource();
            var ctx = Context.FromToken(source.Token);
            using var start = new Barrier(2);
            var canceler = Task.Run(() =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                source.Cancel();
            });

            start.SignalAndWait(TestContext.Current.CancellationToken);
            using var child = ctx.WithCancel();
            using var merged = Context.Background.WithCancel(source.Token);
            var ran = new Signal();
            ctx.AfterFunc(ran.SetResult);
            await WaitFor.Completion(canceler);

            await WaitFor.True(() => child.IsDone && merged.IsDone);
            await WaitFor.Completion(ran.Task);
            Assert.Same(ctx.Err, child.Err);
        }
    }

    [Fact]
    public void Nothing_stays_registered_on_a_token_that_outlives_its_children()
    {
        var weak = Enumerable.Range(0, 4).Select(way => UseAndRelease(_source, way)).ToArray();

        Assert.All(weak, w => Assert.True(Memory.IsFree(w)));
        Assert.False(_source.IsCancellationRequested);
    }

    [Fact]
    public void While_a_child_lives_the_token_holds_on_to_it()
    {
        var weak = Keep(_source);

        Assert.False(Memory.IsFree(weak));
        _source.Cancel();
        Assert.True(Memory.IsFree(weak));
    }

    [Fact]
    public void Children_by_the_hundred_thousand_come_and_go_at_a_constant_price()
    {
        var ctx = Context.FromToken(_source.Token);

        var one = Memory.Allocated(() => ctx.WithCancel().Dispose());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            ctx.WithCancel().Dispose();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (100_000 * one) + 65_536);
        Assert.Equal(0, Assert.IsType<CancelableContext>(ctx, exactMatch: false).ChildCount);
        Assert.True(Memory.IsFree(UseAndRelease(_source, 0)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseAndRelease(CancellationTokenSource source, int way)
    {
        var ctx = Context.FromToken(source.Token);
        switch (way)
        {
            case 0:
                ctx.WithCancel().Dispose();
                break;
            case 1:
                ctx.WithTimeout(TimeSpan.FromDays(1)).Dispose();
                break;
            case 2:
                Assert.True(ctx.AfterFunc(() => { }).Stop());
                break;
            default:
                var first = ctx.WithCancel();
                var second = ctx.AfterFunc(() => { });
                first.Dispose();
                second.Dispose();
                break;
        }

        return new WeakReference(ctx);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Keep(CancellationTokenSource source) =>
        new(Context.FromToken(source.Token).WithCancel());
}
