namespace Baton.Http;

/// <summary>
/// Reads a body for as long as its context is live; then each read throws the context's exception, and the
/// exchange is aborted.
/// </summary>
/// <remarks>It hangs on the context only during a read: a stream that is not read holds nothing.</remarks>
[ContextCarrier]
internal sealed class ContextStream(Stream inner, Call call) : Stream
{
    private Context Context => call.Context;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => false;

    public override bool CanTimeout => inner.CanTimeout;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int ReadTimeout
    {
        get => inner.ReadTimeout;
        set => inner.ReadTimeout = value;
    }

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => throw Unsupported();

    public override void Write(byte[] buffer, int offset, int count) => throw Unsupported();

    public override void Flush()
    {
    }

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfDone();
        using var both = TokenPair.Of(Context, cancellationToken);
        try
        {
            return await inner.ReadAsync(buffer, both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (HttpErrors.MayBeEndOf(Context, e))
        {
            inner.Dispose();
            throw call.EndedInBody(e);
        }
        catch (OperationCanceledException e) when (
            HttpErrors.ForCaller(e, Context, isGiven: true, both, cancellationToken) is { } theirs)
        {
            throw theirs;
        }
    }

    public override async Task CopyToAsync(
        Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ThrowIfDone();
        using var both = TokenPair.Of(Context, cancellationToken);
        try
        {
            await inner.CopyToAsync(destination, bufferSize, both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (HttpErrors.MayBeEndOf(Context, e))
        {
            await inner.DisposeAsync().ConfigureAwait(false);
            throw call.EndedInBody(e);
        }
        catch (OperationCanceledException e) when (
            HttpErrors.ForCaller(e, Context, isGiven: true, both, cancellationToken) is { } theirs)
        {
            throw theirs;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        ThrowIfDone();

        // A read that blocks takes no token: it ends when the stream is disposed under it.
        using var abort = Context.Done.UnsafeRegister(static stream => ((Stream)stream!).Dispose(), inner);
        try
        {
            var count = inner.Read(buffer);
            if (count == 0 && Context.IsDone)
            {
                // Disposed in the middle, a stream may take that for the end of the body.
                throw call.EndedInBody();
            }

            return count;
        }
        catch (Exception e) when (HttpErrors.MayBeEndOf(Context, e))
        {
            throw call.EndedInBody(e);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static NotSupportedException Unsupported() => new("The body of a response can only be read.");

    private void ThrowIfDone()
    {
        if (Context.IsDone)
        {
            inner.Dispose();
            throw call.EndedInBody();
        }
    }
}
