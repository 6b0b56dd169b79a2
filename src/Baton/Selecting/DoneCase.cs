namespace Baton;

/// <summary>Ready when its context is done.</summary>
internal sealed class DoneCase(Context ctx) : SelectCase
{
    internal Context Context => ctx;

    internal override Task<int>? TryTake(int index) => ctx.IsDone ? Task.FromResult(index) : null;

    internal override ISelectWait? NewWait(SelectRun run, ReadOnlySpan<SelectCase> cases) =>
        ctx.Owner is { } owner ? new DoneWait(run, owner) : null;
}

/// <summary>Hangs on a context, and is told when the context is done.</summary>
internal sealed class DoneWait(SelectRun run, CancelableContext owner) : Callback, ISelectWait
{
    public Task<int>? Start(int index)
    {
        owner.Add(this);
        return null;
    }

    public Task<int>? TryTake(int index) => owner.IsDone ? Task.FromResult(index) : null;

    public void Release()
    {
        if (TryStop())
        {
            owner.Remove(this);
        }
    }

    internal override void Run() => run.Ready(this);
}
