namespace Baton;

// These stand in for types of System.Threading.Channels in the core's sources. Coyote rewrites calls of the
// framework's types into invalid programs.

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
