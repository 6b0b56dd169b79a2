namespace Baton.Tests;

/// <summary>What each act may allocate, in bytes.</summary>
public sealed class AllocationTests
{
    // The bars, as in bench/core/compare/Catalogue.cs.
    private const int ChildBytes = 96;
    private const int TimeoutBytes = 128;

    private static readonly ContextKey<string> s_near = new("near");
    private static readonly ContextKey<string> s_far = new("far");
    private static readonly ContextKey<string> s_missing = new("missing");
    private static readonly ContextKey<Guid> s_id = new("id");

    [Fact]
    public void A_cancelable_child_costs_one_small_object()
    {
        using var parent = Context.Background.WithCancel();
        CancelableContext? child = null;

        var made = Memory.Allocated(() => child = parent.WithCancel());
        parent.Cancel();
        using var fresh = Context.Background.WithCancel();
        var both = Memory.Allocated(() => fresh.WithCancel().Dispose());

        Assert.InRange(made, 1, ChildBytes);
        Assert.Equal(Memory.SizeOf(child!), made);
        Assert.Equal(made, both);
        Assert.Equal(0, fresh.ChildCount);
        Assert.True(child!.IsDone);
    }

    [Fact]
    public void A_child_with_a_timeout_costs_one_small_object()
    {
        using var parent = Context.Background.WithCancel();
        CancelableContext? child = null;

        var made = Memory.Allocated(() => child = parent.WithTimeout(TimeSpan.FromHours(1)));
        parent.Cancel();
        using var fresh = Context.Background.WithCancel();
        var both = Memory.Allocated(() => fresh.WithTimeout(TimeSpan.FromHours(1)).Dispose());

        Assert.InRange(made, 1, TimeoutBytes);
        Assert.Equal(Memory.SizeOf(child!), made);
        Assert.Equal(made, both);
        Assert.Equal(0, fresh.ChildCount);
        Assert.True(child!.IsDone);
    }

    [Fact]
    public void A_child_under_a_deadline_that_comes_first_costs_no_more_than_a_cancelable_one()
    {
        using var parent = Context.Background.WithTimeout(TimeSpan.FromMinutes(1));

        Assert.InRange(
            Memory.Allocated(() => parent.WithTimeout(TimeSpan.FromHours(1)).Dispose()), 1, ChildBytes);
    }

    [Fact]
    public void A_live_child_costs_no_more_than_a_live_linked_source()
    {
        using var source = new CancellationTokenSource();
        using var parent = Context.Background.WithCancel();
        IDisposable? last = null;

        var linked = Memory.Allocated(() =>
            last = CancellationTokenSource.CreateLinkedTokenSource(source.Token));
        var child = Memory.Allocated(() => last = parent.WithCancel());

        Assert.InRange(child, 1, linked);
        Assert.NotNull(last);
    }

    [Fact]
    public void A_child_of_a_done_context_costs_one_small_object()
    {
        using var parent = Context.Background.WithCancel();
        parent.Cancel();

        Assert.InRange(Memory.Allocated(() => parent.WithCancel().Dispose()), 1, ChildBytes);
        Assert.InRange(
            Memory.Allocated(() => parent.WithTimeout(TimeSpan.FromHours(1)).Dispose()), 1, TimeoutBytes);
    }

    [Fact]
    public void Asking_a_live_context_costs_nothing()
    {
        using var source = new CancellationTokenSource();
        using var cancel = Context.Background.WithCancel();
        using var deadline = cancel.WithTimeout(TimeSpan.FromHours(1));
        using var merged = deadline.WithCancel(source.Token);
        Context[] all =
        [
            Context.Background,
            cancel,
            deadline,
            merged,
            merged.WithValue(s_near, "value"),
            merged.WithoutCancel(),
            Context.FromToken(source.Token),
        ];

        foreach (var ctx in all)
        {
            Assert.Equal(0, Memory.Allocated(() => _ = ctx.IsDone));
            Assert.Equal(0, Memory.Allocated(() => _ = ctx.Err));
            Assert.Equal(0, Memory.Allocated(() => _ = ctx.Cause));
            Assert.Equal(0, Memory.Allocated(() => _ = ctx.Done));
            Assert.Equal(0, Memory.Allocated(() => _ = ctx.Deadline));
            Assert.Equal(0, Memory.Allocated(() => _ = ctx.Remaining));
            Assert.Equal(0, Memory.Allocated(() => _ = (CancellationToken)ctx));
            Assert.Equal(0, Memory.Allocated(ctx.ThrowIfDone));
        }
    }

    [Fact]
    public void Asking_a_done_context_again_costs_nothing()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.Zero);

        Assert.Equal(0, Memory.Allocated(() => _ = ctx.IsDone));
        Assert.Equal(0, Memory.Allocated(() => _ = ctx.Err));
        Assert.Equal(0, Memory.Allocated(() => _ = ctx.Cause));
        Assert.Equal(0, Memory.Allocated(() => _ = ctx.Done));
        Assert.Equal(0, Memory.Allocated(() => ctx.Cancel()));
        Assert.Equal(0, Memory.Allocated(() => ctx.Dispose()));
    }

    [Fact]
    public void Finding_a_value_or_missing_it_costs_nothing()
    {
        var ctx = Context.Background.WithValue(s_far, "far");
        for (var i = 0; i < 50; i++)
        {
            ctx = ctx.WithCancel().WithValue(s_id, default);
        }

        ctx = ctx.WithValue(s_near, "near");

        Assert.Equal(0, Memory.Allocated(() => ctx.Value(s_near)));
        Assert.Equal(0, Memory.Allocated(() => ctx.Value(s_far)));
        Assert.Equal(0, Memory.Allocated(() => ctx.Value(s_missing)));
        Assert.Equal(0, Memory.Allocated(() => ctx.Value(s_id)));
        Assert.Equal(0, Memory.Allocated(() => ctx.TryGetValue(s_id, out _)));
    }

    [Fact]
    public void A_value_costs_one_small_object()
    {
        using var parent = Context.Background.WithCancel();

        Assert.InRange(Memory.Allocated(() => parent.WithValue(s_near, "value")), 1, 72);
    }

    [Fact]
    public void A_long_chain_of_different_values_costs_little_more_each_than_a_short_one()
    {
        const int Length = 4096;
        var keys = Enumerable.Range(0, Length)
            .Select(static i => new ContextKey<string>($"key {i}")).ToArray();

        var bytes = Memory.Allocated(() =>
        {
            var ctx = Context.Background;
            foreach (var key in keys)
            {
                ctx = ctx.WithValue(key, "value");
            }
        });

        // A place or two in an index of each size: 16, 32, 64… 2048.
        Assert.InRange(bytes / Length, 72, 72 + (8 * 2 * 8));
    }

    [Fact]
    public void A_delay_costs_one_object_and_its_task()
    {
        using var parent = Context.Root(new FakeTimeProvider()).WithCancel();
        var last = Task.CompletedTask;

        Assert.Equal(128 + 72, Memory.Allocated(() => last = parent.Delay(TimeSpan.FromHours(1))));

        Assert.False(last.IsCompleted);
    }

    [Fact]
    public void A_delay_costs_no_more_than_one_of_a_task()
    {
        using var source = new CancellationTokenSource();
        using var parent = Context.Background.WithCancel();
        var last = Task.CompletedTask;

        var task = Memory.Allocated(() => last = Task.Delay(TimeSpan.FromHours(1), source.Token));
        var delay = Memory.Allocated(() => last = parent.Delay(TimeSpan.FromHours(1)));

        Assert.InRange(delay, 1, task);
        Assert.False(last.IsCompleted);
        source.Cancel();
    }
}
