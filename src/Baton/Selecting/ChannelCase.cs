using System.Threading.Channels;

namespace Baton;

/// <summary>Ready when its channel lets it receive or send an item, or has ended.</summary>
/// <remarks>
/// A channel only says that a try is worthwhile, never that the try will succeed: another reader or writer
/// may be quicker. Only the thread that holds the run tries, so at most one case of a run takes effect.
/// </remarks>
internal abstract class ChannelCase : SelectCase
{
    internal sealed override bool IsPlain => false;

    internal sealed override Task<int>? TryTake(int index) => TryMove() ? Task.FromResult(index) : null;

    internal sealed override ISelectWait? NewWait(SelectRun run, ReadOnlySpan<SelectCase> cases) =>
        new ChannelWait(run, this);

    /// <summary>
    /// Waits until the channel is worth a try (true), or has ended (false or an exception).
    /// </summary>
    internal abstract ValueTask<bool> WaitAsync(CancellationToken stop);

    /// <summary>Takes the case because its channel has ended.</summary>
    /// <param name="index">Where the case stands in its select.</param>
    /// <param name="error">What the channel was completed with, if that was an exception.</param>
    internal abstract Task<int> TakeEnd(int index, Exception? error);

    /// <summary>Receives or sends the item, if the channel lets it at once.</summary>
    private protected abstract bool TryMove();
}

/// <summary>Ready when there is an item to receive, or when there will never be another item.</summary>
internal sealed class ReceiveCase<T>(ChannelReader<T> reader, Received<T>? received) : ChannelCase
{
    /// <summary>The completion of a reader comes after its last item.</summary>
    internal override bool IsToldByWaiting => reader.Completion.IsCompleted;

    internal override ValueTask<bool> WaitAsync(CancellationToken stop) => reader.WaitToReadAsync(stop);

    internal override Task<int> TakeEnd(int index, Exception? error)
    {
        if (error is not null)
        {
            return EndedTask.By<int>(error);
        }

        received?.Set(item: default, hasItem: false);
        return Task.FromResult(index);
    }

    private protected override bool TryMove()
    {
        if (!reader.TryRead(out var item))
        {
            return false;
        }

        received?.Set(item, hasItem: true);
        return true;
    }
}

/// <summary>Ready when there is room for the item, or when there will never be room again.</summary>
internal sealed class SendCase<T>(ChannelWriter<T> writer, T item) : ChannelCase
{
    /// <summary>Only a wait on the writer tells that its channel has ended.</summary>
    internal override bool IsToldByWaiting => true;

    internal override ValueTask<bool> WaitAsync(CancellationToken stop) => writer.WaitToWriteAsync(stop);

    internal override Task<int> TakeEnd(int index, Exception? error) =>
        EndedTask.By<int>(error as ChannelClosedException ?? new ChannelClosedException(error));

    private protected override bool TryMove() => writer.TryWrite(item);
}
