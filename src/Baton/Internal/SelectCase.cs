namespace Baton;

/// <summary>One case: a delay, a context, or neither, which is the default.</summary>
internal sealed class SelectCase
{
    internal TimeSpan? Delay { get; init; }

    internal Context? Context { get; init; }

    internal Action? Handler { get; init; }

    internal Func<Task>? AsyncHandler { get; init; }

    internal bool IsReady => Delay == TimeSpan.Zero || Context is { IsDone: true };
}
