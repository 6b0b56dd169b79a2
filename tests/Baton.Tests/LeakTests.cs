using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>Nothing in Baton holds a context that has ended, whichever way it ended.</summary>
public sealed class LeakTests
{
    private static readonly ContextKey<object> s_key = new("holder");

    private readonly FakeTimeProvider _clock = new();
    private readonly CancelableContext _parent;

    public LeakTests() => _parent = Context.Root(_clock).WithCancel();

    public enum Ending
    {
        Dispose,
        Cancel,
        CancelWithCause,
        Deadline,
        GrandparentCancel,
    }

    [Theory]
    [InlineData(Ending.Dispose)]
    [InlineData(Ending.Cancel)]
    [InlineData(Ending.CancelWithCause)]
    [InlineData(Ending.Deadline)]
    [InlineData(Ending.GrandparentCancel)]
    public async Task An_ended_child_is_collectable_with_its_values_its_token_and_what_hangs_on_that(
        Ending ending)
    {
        var weak = Use(_parent, _clock, ending);

        foreach (var reference in weak)
        {
            await WaitFor.True(() => Memory.IsFree(reference));
        }

        Assert.False(_parent.IsDone);
        AssertEmpty(_parent);
    }

    [Fact]
    public void A_child_that_was_disposed_is_collectable_at_once()
    {
        var weak = DisposeEach(_parent);

        Assert.All(weak, reference => Assert.True(Memory.IsFree(reference)));
        AssertEmpty(_parent);
    }

    [Fact]
    public void A_child_on_the_systems_clock_is_collectable_at_once()
    {
        using var parent = Context.Background.WithCancel();

        var weak = DisposeEach(parent);

        Assert.All(weak, reference => Assert.True(Memory.IsFree(reference)));
    }

    [Fact]
    public void A_child_that_is_live_is_held_by_its_parent()
    {
        var weak = Hang(_parent);

        Assert.False(Memory.IsFree(weak));
        Assert.Equal(1, _parent.ChildCount);
        _parent.Cancel();
        Assert.True(Memory.IsFree(weak));
    }

    [Fact]
    public void A_child_of_Background_is_held_by_nothing()
    {
        Assert.True(Memory.IsFree(Hang(Context.Background)));
    }

    [Fact]
    public void A_value_and_a_detached_context_are_held_by_nothing()
    {
        var weak = Values(_parent);

        Assert.All(weak, reference => Assert.True(Memory.IsFree(reference)));
        AssertEmpty(_parent);
    }

    [Fact]
    public void A_callback_that_was_stopped_is_held_by_nothing()
    {
        var weak = StopOne(_parent);

        Assert.True(Memory.IsFree(weak));
        AssertEmpty(_parent);
    }

    [Fact]
    public void A_merge_that_was_disposed_is_held_by_neither_side()
    {
        using var other = _parent.WithTimeout(TimeSpan.FromHours(1));
        using var foreign = new CancellationTokenSource();

        var weak = Merge(_parent, other, foreign);

        Assert.All(weak, reference => Assert.True(Memory.IsFree(reference)));
        Assert.Equal(1, _parent.ChildCount);
        AssertEmpty(other, waiting: 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fake_clock_is_collectable_once_it_is_out_of_use(bool disposed)
    {
        var weak = AbandonClock(disposed);

        await WaitFor.True(() => Memory.IsFree(weak));
    }

    [Fact]
    public async Task A_clock_on_the_systems_timers_is_not_held_until_a_deadline_that_was_released()
    {
        var weak = AbandonRealClock();

        await WaitFor.True(() => Memory.IsFree(weak));
    }

    [Fact]
    public async Task A_clock_under_a_live_parent_is_collectable_once_its_children_have_ended()
    {
        using var parent = Context.Background.WithCancel();

        var weak = await UseClock(parent);

        await WaitFor.True(() => Memory.IsFree(weak));
        AssertEmpty(parent);
    }

    [Fact]
    public async Task Nothing_is_left_in_the_parent_or_the_queue_whichever_way_a_family_ends()
    {
        var ways = new Action<CancelableContext>[]
        {
            family => family.Dispose(),
            family => family.Cancel(),
            family => family.Cancel(new TimeoutException()),
            _ => _clock.Advance(TimeSpan.FromHours(1)),
        };

        foreach (var end in ways)
        {
            var family = _parent.WithTimeout(TimeSpan.FromHours(1));
            var waiting = new[]
            {
                family.Delay(TimeSpan.FromDays(1)),
                family.WaitAsync(new TaskCompletionSource().Task),
                Select.After(TimeSpan.FromDays(1)).Done(family).AsTask(),
            };
            family.AfterFunc(() => { });
            family.WithCancel().WithTimeout(TimeSpan.FromMinutes(70));
            family.WithCancel(family.WithTimeout(TimeSpan.FromMinutes(80)));
            Assert.NotEqual(0, family.ChildCount + family.CallbackCount);

            end(family);

            await WaitFor.True(() => waiting.All(task => task.IsCompleted));
            AssertEmpty(family);
            AssertEmpty(_parent);
        }
    }

    private static void AssertEmpty(CancelableContext ctx, int waiting = 0)
    {
        if (ctx.TimeProvider != TimeProvider.System)
        {
            Assert.Equal(waiting, ctx.Queue.Count);
        }

        Assert.Equal(0, ctx.CallbackCount);
        if (waiting == 0)
        {
            Assert.Equal(0, ctx.ChildCount);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Use(Context parent, FakeTimeProvider clock, Ending ending)
    {
        var value = new object();
        var state = new object();
        var callback = new object();
        using var above = parent.WithCancel();
        var child = above.WithValue(s_key, value).WithTimeout(TimeSpan.FromSeconds(1));
        child.Done.Register(static _ => { }, state);
        child.AfterFunc(() => GC.KeepAlive(callback));
        var grandchild = child.WithCancel();
        switch (ending)
        {
            case Ending.Dispose:
                child.Dispose();
                break;
            case Ending.Cancel:
                child.Cancel();
                break;
            case Ending.CancelWithCause:
                child.Cancel(new TimeoutException());
                break;
            case Ending.Deadline:
                clock.Advance(TimeSpan.FromSeconds(1));
                break;
            case Ending.GrandparentCancel:
                above.Cancel();
                break;
        }

        Assert.True(grandchild.IsDone);
        return [new(child), new(grandchild), new(value), new(state), new(callback), new(child.Err)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] DisposeEach(Context parent)
    {
        var value = new object();
        var plain = parent.WithValue(s_key, value).WithCancel();
        var timeout = parent.WithTimeout(TimeSpan.FromHours(1));
        var far = parent.WithDeadline(DateTimeOffset.MaxValue);
        var passed = parent.WithTimeout(TimeSpan.Zero);
        var family = parent.WithCancel();
        var below = family.WithTimeout(TimeSpan.FromHours(2));
        _ = timeout.Done;
        plain.Dispose();
        timeout.Dispose();
        far.Dispose();
        passed.Dispose();
        family.Dispose();
        return [new(value), new(plain), new(timeout), new(far), new(passed), new(family), new(below)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Hang(Context parent) => new(parent.WithCancel());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Values(Context parent)
    {
        var value = new object();
        var ctx = parent.WithValue(s_key, value);
        return [new(value), new(ctx), new(parent.WithoutCancel()), new(ctx.WithoutCancel().WithCancel())];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StopOne(Context ctx)
    {
        var captured = new object();
        Assert.True(ctx.AfterFunc(() => GC.KeepAlive(captured)).Stop());
        return new WeakReference(captured);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Merge(Context parent, Context other, CancellationTokenSource foreign)
    {
        var first = parent.WithCancel(other);
        var second = other.WithCancel(parent);
        var third = parent.WithCancel(foreign.Token);
        first.Dispose();
        second.Dispose();
        third.Dispose();
        return [new(first), new(second), new(third)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AbandonClock(bool disposed)
    {
        var clock = new FakeTimeProvider();
        var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromHours(1));
        _ = ctx.Delay(TimeSpan.FromHours(1));
        if (disposed)
        {
            ctx.Dispose();
        }

        return new WeakReference(clock);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AbandonRealClock()
    {
        var clock = new RealClock();
        var root = Context.Root(clock);
        root.WithTimeout(TimeSpan.FromDays(1)).Dispose();
        return new WeakReference(clock);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseClock(Context parent)
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithCancel(parent);
        var delay = ctx.Delay(TimeSpan.FromSeconds(1));
        ctx.WithTimeout(TimeSpan.FromHours(1)).Dispose();
        clock.Advance(TimeSpan.FromSeconds(1));
        await WaitFor.Completion(delay);
        return new WeakReference(clock);
    }

    private sealed class RealClock : TimeProvider;
}
