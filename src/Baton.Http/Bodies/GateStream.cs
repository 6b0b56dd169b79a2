namespace Baton.Http;

/// <summary>Writes to another stream until it is closed, and never after.</summary>
internal sealed class GateStream(Stream inner) : Stream
{
    private volatile bool _isClosed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("What a request sends is only written.");

    public override long Position
    {
        get => throw new NotSupportedException("What a request sends is only written.");
        set => throw new NotSupportedException("What a request sends is only written.");
    }

    /// <summary>
    /// The stream belongs to the transport: it is neither disposed nor written to any more.
    /// </summary>
    public override void Close() => _isClosed = true;

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Open().WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Open().WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => Open().Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => Open().Write(buffer);

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        Open().FlushAsync(cancellationToken);

    public override void Flush() => Open().Flush();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("What a request sends is only written.");

    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("What a request sends is only written.");

    public override void SetLength(long value) =>
        throw new NotSupportedException("What a request sends is only written.");

    private Stream Open() => _isClosed
        ? throw new OperationCanceledException("The call that this was to be sent with has ended.")
        : inner;
}
