using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>Tasks of a group: how they run, and what they are given.</summary>
public sealed class GroupTests
{
    private static readonly ContextKey<string> s_key = new("tenant");
    private static readonly AsyncLocal<string?> s_local = new();

    private readonly CancelableContext _parent = Context.Background.WithCancel();

    [Fact]
    public async Task A_task_is_given_the_groups_context_with_the_values_and_deadline_above()
    {
        var clock = new FakeTimeProvider();
        using var above = Context.Root(clock).WithValue(s_key, "acme").WithTimeout(TimeSpan.FromSeconds(2));
        await using var group = above.Group();
        Context? given = null;

        group.Go(ctx =>
        {
            given = ctx;
            return Task.CompletedTask;
        });
        await WaitFor.Completion(group.WaitAsync());

        Assert.Same(group.Context, given);
        Assert.Equal("acme", given!.Value(s_key));
        Assert.Equal(above.Deadline, given.Deadline);
        Assert.False(given.IsDone);
    }

    [Fact]
    public async Task Tasks_run_side_by_side_and_never_on_the_thread_that_gives_them()
    {
        await using var group = _parent.Group();
        using var bothHaveBegun = new Barrier(2);
        var caller = Environment.CurrentManagedThreadId;

        for (var i = 0; i < 2; i++)
        {
            group.Go(ctx =>
            {
                Assert.NotEqual(caller, Environment.CurrentManagedThreadId);
                Assert.True(bothHaveBegun.SignalAndWait(TimeSpan.FromSeconds(60), ctx));
                return Task.CompletedTask;
            });
        }

        // This thread is held here, so that the tasks cannot run on it.
        var wait = group.WaitAsync();
        Assert.True(SpinWait.SpinUntil(() => wait.IsCompleted, TimeSpan.FromSeconds(60)));
        await wait;
    }

    [Fact]
    public async Task A_task_runs_under_the_execution_context_of_the_call_that_gave_it()
    {
        await using var group = _parent.Group(limit: 1);
        var release = new Signal();
        s_local.Value = "first";
        var first = group.Run(async _ =>
        {
            await release.Task;
            return s_local.Value;
        });
        s_local.Value = "second";
        var second = group.Run(_ => Task.FromResult(s_local.Value!));
        s_local.Value = "third";

        release.SetResult();

        Assert.Equal("first", await WaitFor.Result(first));
        Assert.Equal("second", await WaitFor.Result(second));
    }

    [Fact]
    public async Task Where_the_flow_is_suppressed_a_task_runs_without()
    {
        await using var group = _parent.Group();
        s_local.Value = "here";
        Task<string?> seen;
        using (ExecutionContext.SuppressFlow())
        {
            seen = group.Run(_ => Task.FromResult<string?>(s_local.Value));
        }

        Assert.Null(await WaitFor.Result(seen));
    }

    [Fact]
    public async Task WaitAsync_waits_for_every_task_and_for_those_that_tasks_give()
    {
        await using var group = _parent.Group();
        var (first, second) = (new Signal(), new Signal());
        var given = new Signal();
        group.Go(async _ =>
        {
            await first.Task;
            group.Go(_ => second.Task);
            given.SetResult();
        });
        var wait = group.WaitAsync();

        first.SetResult();
        await WaitFor.Completion(given.Task);

        Assert.False(wait.IsCompleted);
        second.SetResult();
        await WaitFor.Completion(wait);
    }

    [Fact]
    public async Task A_group_without_tasks_waits_for_nothing()
    {
        await using var group = _parent.Group();

        Assert.True(group.WaitAsync().IsCompletedSuccessfully);
        Assert.Empty(group.Failures);
    }

    [Fact]
    public async Task After_WaitAsync_a_group_takes_tasks_as_before()
    {
        await using var group = _parent.Group();
        group.Go(_ => Task.CompletedTask);
        await WaitFor.Completion(group.WaitAsync());

        Assert.False(group.Context.IsDone);
        Assert.Equal(42, await WaitFor.Result(group.Run(_ => Task.FromResult(42))));
        await WaitFor.Completion(group.WaitAsync());
    }

    [Fact]
    public async Task When_WaitAsync_completes_the_task_of_every_result_has()
    {
        await using var group = _parent.Group();
        for (var round = 0; round < 200; round++)
        {
            var results = Enumerable.Range(0, 5).Select(i => group.Run(_ => Task.FromResult(i))).ToArray();

            await WaitFor.Completion(group.WaitAsync());

            Assert.All(results, result => Assert.True(result.IsCompletedSuccessfully));
        }
    }

    [Fact]
    public async Task A_continuation_of_a_result_may_wait_for_the_group()
    {
        await using var group = _parent.Group();
        var completion = new TaskCompletionSource<int>();
        var result = group.Run(_ => completion.Task);

        // If the continuation ran inside the thread that ends the task, that thread would wait for itself.
        var waited = result.ContinueWith(
            _ => group.WaitAsync().Wait(TimeSpan.FromSeconds(60)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        completion.SetResult(42);

        Assert.True(await WaitFor.Result(waited));
    }

    [Fact]
    public async Task When_all_has_ended_the_parent_holds_on_to_nothing()
    {
        var weak = await UseAsync(_parent);

        Assert.Equal(0, _parent.ChildCount);
        Assert.Equal(0, _parent.CallbackCount);
        foreach (var reference in weak)
        {
            await WaitFor.True(() => Memory.IsFree(reference));
        }
    }

    [Fact]
    public void A_task_costs_one_small_object_on_the_thread_that_gives_it()
    {
        var group = _parent.Group();
        var full = _parent.Group(limit: 1);
        full.Go(_ => new TaskCompletionSource().Task);

        Assert.InRange(Memory.Allocated(() => group.Go(static _ => Task.CompletedTask)), 1, 72);
        Assert.InRange(Memory.Allocated(() => full.Go(static _ => Task.CompletedTask)), 1, 72);
        Assert.Equal(0, Memory.Allocated(() => full.TryGo(static _ => Task.CompletedTask)));
    }

    [Fact]
    public async Task A_null_task_is_refused_at_the_call_and_so_is_a_limit_below_one()
    {
        await using var group = _parent.Group();

        Assert.Throws<ArgumentNullException>("task", () => group.Go(null!));
        Assert.Throws<ArgumentNullException>(
            "task", () => { _ = group.Run((Func<Context, Task<int>>)null!); });
        Assert.Throws<ArgumentNullException>("task", () => group.TryGo(null!));
        Assert.Throws<ArgumentNullException>("task", () => { _ = group.GoAsync(null!); });
        Assert.Throws<ArgumentNullException>("body", () => { _ = _parent.RunGroupAsync(null!); });
        Assert.Throws<ArgumentOutOfRangeException>(
            "limit", () => { _ = _parent.RunGroupAsync(_ => Task.CompletedTask, limit: 0); });
        foreach (var limit in new[] { 0, -1, int.MinValue })
        {
            var e = Assert.Throws<ArgumentOutOfRangeException>("limit", () => _parent.Group(limit));
            Assert.Equal(limit, e.ActualValue);
            Assert.Contains(
                "A limit is one or more. For no limit, leave it out.", e.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, _parent.ChildCount);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference[]> UseAsync(CancelableContext parent)
    {
        var held = new object();
        var group = parent.Group(limit: 1);
        group.Go(_ => Task.FromException(new InvalidOperationException("on purpose")));
        _ = group.Run(_ => Task.FromResult(held));
        await Assert.ThrowsAsync<InvalidOperationException>(() => WaitFor.Completion(group.WaitAsync()));
        await group.DisposeAsync();
        return [new(group), new(held), new(group.Context)];
    }
}
