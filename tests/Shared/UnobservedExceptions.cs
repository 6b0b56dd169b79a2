namespace Baton.Tests;

/// <summary>Keeps the exceptions of tasks that nobody awaited, from when it is made until it is disposed.</summary>
internal sealed class UnobservedExceptions : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<Exception> _reported = new(ReferenceEqualityComparer.Instance);

    internal UnobservedExceptions() => TaskScheduler.UnobservedTaskException += OnUnobserved;

    /// <summary>Waits until all of these were reported. A task must be garbage before it reports.</summary>
    internal Task ReportedAsync(params Exception[] mine) => WaitFor.True(() => mine.All(IsReported));

    /// <summary>Whether this one was reported, after a collection.</summary>
    internal bool IsReported(Exception mine) => IsReported(e => e == mine);

    /// <summary>Whether one like this was reported, after a collection.</summary>
    internal bool IsReported(Predicate<Exception> isMine)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        lock (_lock)
        {
            return _reported.Any(e => isMine(e));
        }
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        lock (_lock)
        {
            _reported.UnionWith(e.Exception.Flatten().InnerExceptions);
        }
    }
}
