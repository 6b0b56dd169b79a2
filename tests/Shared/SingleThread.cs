using System.Collections.Concurrent;

namespace Baton.Tests;

/// <summary>
/// A thread with a synchronization context that continues every await on this very thread, as the thread of a
/// user interface does.
/// </summary>
internal sealed class SingleThread : SynchronizationContext, IDisposable
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];
    private readonly Thread _thread;

    internal SingleThread()
    {
        // In the background: a test that has found a deadlock must not keep its process from ending.
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

    /// <summary>
    /// Calls <paramref name="start"/> on the thread, and blocks the thread until the task has completed. An
    /// await in the called code that captures the context then never continues.
    /// </summary>
    /// <returns>
    /// A task that completes once the call has returned, and one that ends as the call's task does.
    /// </returns>
    internal (Task Called, Task Ended) Block(Func<Task> start)
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            _ =>
            {
                try
                {
                    var task = start();
                    called.SetResult();
                    task.GetAwaiter().GetResult();
                    ended.SetResult();
                }
                catch (Exception e)
                {
                    called.TrySetResult();
                    ended.SetException(e);
                }
            },
            null);
        return (called.Task, ended.Task);
    }

    public void Dispose() => _posted.CompleteAdding();

    private void Run()
    {
        SetSynchronizationContext(this);
        foreach (var (callback, state) in _posted.GetConsumingEnumerable())
        {
            callback(state);
        }
    }
}
