namespace Baton;

// What the core's sources find here under the names of System.Threading.Channels: calls of those are
// rewritten into programs that are not valid.

public abstract class ChannelReader<T>
{
    public abstract Task Completion { get; }

    public abstract bool TryRead(out T? item);

    public abstract ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken);
}

public abstract class ChannelWriter<T>
{
    public abstract bool TryWrite(T item);

    public abstract ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken);
}
