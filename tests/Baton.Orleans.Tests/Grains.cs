using System.Collections.Concurrent;
using Orleans.Concurrency;

namespace Baton.Orleans.Tests;

public interface IWork : IGrainWithStringKey
{
    Task<string> DescribeAsync(Context ctx);

    Task<string> DescribeTokenAsync(CancellationToken token);

    [AlwaysInterleave]
    Task<string> SiloAsync();

    /// <summary>Runs until the context ends, and reports what ended it under a name.</summary>
    Task UntilDoneAsync(Context ctx, string name);

    [AlwaysInterleave]
    Task InterleaveUntilDoneAsync(Context ctx, string name);

    Task UntilTokenAsync(string name, CancellationToken token);

    Task UntilReleasedAsync(Context ctx, string name);

    /// <summary>Calls another grain with its own context.</summary>
    Task PassOnAsync(Context ctx, string other, string name);

    Task<string> PassOnTokenAsync(Context ctx, string other);

    Task SlowAsync(string name);

    [OneWay]
    Task OneWayAsync(Context ctx, string name);

    IAsyncEnumerable<string> StreamAsync(Context ctx);

    Task<string> NotifyAsync(IWatcher watcher, Context ctx);

    Task FailAsync(Context ctx);

    Task<string> TimerAsync();

    [AlwaysInterleave]
    Task ForceOutAsync();

    [AlwaysInterleave]
    Task AskToLeaveAsync();
}

public interface IWatcher : IGrainObserver
{
    Task<string> OnChangedAsync(Context ctx);
}

/// <summary>What the grains of this process have to tell the tests.</summary>
internal static class Reports
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> s_started = new();
    private static readonly ConcurrentDictionary<string, TaskCompletionSource<ContextException>> s_ended = new();
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> s_released = new();

    internal static TaskCompletionSource Started(string name) => s_started.GetOrAdd(
        name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    internal static TaskCompletionSource<ContextException> Ended(string name) => s_ended.GetOrAdd(
        name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    internal static TaskCompletionSource Released(string name) => s_released.GetOrAdd(
        name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

public sealed class Work : Grain, IWork
{
    public Task<string> DescribeAsync(Context ctx) => Task.FromResult(Describe(ctx));

    public Task<string> DescribeTokenAsync(CancellationToken token) =>
        Task.FromResult(Describe(Context.FromToken(token)));

    public Task<string> SiloAsync() => Task.FromResult(RuntimeIdentity);

    public async Task UntilDoneAsync(Context ctx, string name)
    {
        Reports.Started(name).TrySetResult();
        await EndAsync(ctx, name);
    }

    public Task InterleaveUntilDoneAsync(Context ctx, string name) => UntilDoneAsync(ctx, name);

    public async Task UntilTokenAsync(string name, CancellationToken token)
    {
        Reports.Started(name).TrySetResult();
        await EndAsync(Context.FromToken(token), name);
    }

    public async Task UntilReleasedAsync(Context ctx, string name)
    {
        Reports.Started(name).TrySetResult();
        await Reports.Released(name).Task;
    }

    public Task PassOnAsync(Context ctx, string other, string name) =>
        GrainFactory.GetGrain<IWork>(other).UntilDoneAsync(ctx, name);

    public Task<string> PassOnTokenAsync(Context ctx, string other) =>
        GrainFactory.GetGrain<IWork>(other).DescribeTokenAsync(ctx);

    public async Task SlowAsync(string name)
    {
        Reports.Started(name).TrySetResult();
        await Reports.Released(name).Task;
    }

    public Task OneWayAsync(Context ctx, string name) => UntilDoneAsync(ctx, name);

    public async IAsyncEnumerable<string> StreamAsync(Context ctx)
    {
        yield return Describe(ctx);
        await EndAsync(ctx, this.GetPrimaryKeyString());
    }

    public Task<string> NotifyAsync(IWatcher watcher, Context ctx) => watcher.OnChangedAsync(ctx);

    public Task FailAsync(Context ctx) => throw new InvalidOperationException("no stock");

    public async Task<string> TimerAsync()
    {
        var seen = new TaskCompletionSource<string>();
        using var timer = this.RegisterGrainTimer(
            token =>
            {
                seen.TrySetResult(Describe(Context.FromToken(token)));
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true });
        return await seen.Task;
    }

    public Task ForceOutAsync()
    {
        GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.RuntimeRequested, "a test"));
        return Task.CompletedTask;
    }

    public Task AskToLeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private static string Describe(Context ctx) =>
        $"{(ctx.Deadline is null ? "no deadline" : ctx.Remaining <= TimeSpan.FromMinutes(10) ? "in time" : "too long")}"
        + $" {ctx.Value(Cluster.Tenant)} {ctx.Value(Cluster.Secret)}";

    private static async Task EndAsync(Context ctx, string name)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = ctx.AfterFunc(ended.SetResult);
        await ended.Task;
        Reports.Ended(name).TrySetResult(ctx.Err!);
        ctx.ThrowIfDone();
    }
}
