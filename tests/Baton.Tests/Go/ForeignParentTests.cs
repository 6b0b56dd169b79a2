using System.Runtime.CompilerServices;

namespace Baton.Tests.Go;

/// <summary>In Go, any code can write a context type. The counterpart here is a foreign token.</summary>
public sealed class ForeignParentTests : IDisposable
{
    private static readonly ContextKey<string> s_key = new("key");
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1000);

    private readonly CancellationTokenSource _source = new();
    private readonly Exception _cause = new InvalidOperationException("stop");

    public void Dispose() => _source.Dispose();

    [Fact]
    [GoTest(47)]
    public void A_foreign_token_gets_one_registration_for_all_children()
    {
        var ctx = Context.FromToken(_source.Token);
        using var first = ctx.WithCancel();
        ctx.WithCancel().Dispose();

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var second = ctx.WithCancel();
        var one = GC.GetAllocatedBytesForCurrentThread() - before;
        using var elsewhere = first.WithCancel();
        var other = GC.GetAllocatedBytesForCurrentThread() - before - one;

        Assert.Equal(other, one);
    }

    [Fact]
    [GoTest(49)]
    public void A_foreign_token_in_the_middle_of_a_chain_is_not_bypassed()
    {
        using var outer = Context.Background.WithCancel();
        using var middle = outer.WithCancel(_source.Token);
        using var inner = middle.WithValue(s_key, "value").WithCancel();

        _source.Cancel();

        ContextAssert.Canceled(middle);
        ContextAssert.Canceled(inner);
        ContextAssert.Live(outer);
    }

    [Fact]
    [GoTest(72)]
    public void A_cause_comes_through_a_merge_and_not_through_a_linked_token()
    {
        using var inner = Context.Background.WithCancel();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(inner.Done);
        using var ofLinked = Context.FromToken(linked.Token).WithCancel();
        using var merged = Context.Background.WithCancel(inner.Done);
        using var fired = new ManualResetEventSlim();
        linked.Token.Register(fired.Set);

        inner.Cancel(_cause);
        Assert.True(fired.Wait(TimeSpan.FromSeconds(60)));

        ContextAssert.Canceled(merged, _cause);
        ContextAssert.Canceled(ofLinked);
    }

    [Fact]
    [GoTest(73)]
    public void A_context_from_a_token_that_is_canceled_is_canceled_without_a_cause()
    {
        var ctx = Context.FromToken(_source.Token);
        ContextAssert.Live(ctx);

        _source.Cancel();

        ContextAssert.Canceled(ctx);
        Assert.Equal(_source.Token, ctx.Done);
    }

    [Fact]
    public void A_contexts_own_token_leads_back_to_the_context_that_ends()
    {
        using var ctx = Context.Background.WithCancel();
        var value = ctx.WithValue(s_key, "value");

        Assert.Same(ctx, Context.FromToken(value.Done));
        Assert.Equal("FromToken.WithCancel", Context.FromToken(_source.Token).WithCancel(default).ToString());
    }

    [Fact]
    [GoTest(74, 75)]
    public void A_childs_cause_stays_its_own_when_the_token_is_canceled_later()
    {
        var parent = Context.FromToken(_source.Token);
        using var child = parent.WithCancel();

        child.Cancel(_cause);
        ContextAssert.Canceled(child, _cause);
        ContextAssert.Live(parent);

        _source.Cancel();
        ContextAssert.Canceled(child, _cause);
        ContextAssert.Canceled(parent);
    }

    [Fact]
    [GoTest(76)]
    public void A_child_may_be_canceled_from_within_the_tokens_own_cancellation()
    {
        var parent = Context.FromToken(_source.Token);
        using var child = parent.WithCancel();
        using var registration = _source.Token.Register(child.Cancel);

        _source.Cancel();

        ContextAssert.Canceled(child);
        ContextAssert.Canceled(parent);
    }

    [Fact]
    [GoTest(82)]
    public void A_child_ends_with_the_token()
    {
        using var child = Context.FromToken(_source.Token).WithCancel();
        ContextAssert.Live(child);

        _source.Cancel();

        ContextAssert.Canceled(child);
    }

    [Fact]
    [GoTest(83)]
    public void A_child_with_a_timeout_ends_with_the_token()
    {
        using var child = Context.FromToken(_source.Token).WithTimeout(
            s_long, new TimeoutException("unused"));
        ContextAssert.Live(child);

        _source.Cancel();

        ContextAssert.Canceled(child);
    }

    [Fact]
    [GoTest(84)]
    public async Task A_callback_runs_when_the_token_is_canceled()
    {
        var ran = new TaskCompletionSource();
        var registration = Context.FromToken(_source.Token).AfterFunc(ran.SetResult);

        await _source.CancelAsync();

        await WaitFor.Completion(ran.Task);
        Assert.False(registration.Stop());
    }

    [Fact]
    [GoTest(85)]
    public void The_token_holds_on_to_a_context_until_its_last_child_is_released()
    {
        var (ctx, first, second) = Apart(TwoChildren);

        Release(first);
        Collect();
        Assert.True(ctx.IsAlive);
        Assert.False(first.IsAlive);

        Release(second);
        Collect();
        Assert.False(second.IsAlive);
        Assert.False(ctx.IsAlive);
    }

    [Fact]
    [GoTest(86)]
    public void The_token_holds_on_to_a_timeout_until_it_is_released()
    {
        var (ctx, timed) = Apart(OneTimeout);

        Collect();
        Assert.True(timed.IsAlive);

        Release(timed);
        Collect();
        Assert.False(timed.IsAlive);
        Assert.False(ctx.IsAlive);
    }

    [Fact]
    [GoTest(87)]
    public void The_token_holds_on_to_a_callback_until_it_is_stopped()
    {
        var (ctx, subscriber) = Apart(OneCallback);

        Collect();
        Assert.True(subscriber.IsAlive);

        Release(subscriber);
        Collect();
        Assert.False(subscriber.IsAlive);
        Assert.False(ctx.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Ctx, WeakReference First, WeakReference Second) TwoChildren(Context ctx) =>
        (new WeakReference(ctx), new WeakReference(ctx.WithCancel()), new WeakReference(ctx.WithCancel()));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Ctx, WeakReference Timed) OneTimeout(Context ctx) => (
        new WeakReference(ctx),
        new WeakReference(Context.Root(new FakeTimeProvider()).WithTimeout(s_long).WithCancel(ctx)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Ctx, WeakReference Subscriber) OneCallback(Context ctx) =>
        (new WeakReference(ctx), new WeakReference(new Subscriber(ctx)));

    /// <summary>Makes a context that no local of the test refers to.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private T Apart<T>(Func<Context, T> use) => use(Context.FromToken(_source.Token));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Release(WeakReference held) => ((IDisposable)held.Target!).Dispose();

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    /// <summary>Makes a callback that only its context refers to.</summary>
    private sealed class Subscriber : IDisposable
    {
        private readonly ContextRegistration _registration;
        private int _calls;

        internal Subscriber(Context ctx) => _registration = ctx.AfterFunc(() => _calls++);

        public void Dispose() => _registration.Dispose();
    }
}
