namespace Baton.Http;

/// <summary>A body whose beginning was read ahead.</summary>
internal sealed class JoinedStream(MemoryStream start, Stream rest) : ReadStream
{
    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        start.Read(buffer.Span) is > 0 and var count
            ? count
            : await rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);

    public override int Read(Span<byte> buffer) =>
        start.Read(buffer) is > 0 and var count ? count : rest.Read(buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }
}
