namespace Baton.AspNetCore;

/// <summary>The body of a response as a stream. What is written goes to the server's stream at once.</summary>
internal sealed class ResponseStream(ResponseBody body) : ForwardingStream
{
    protected override Stream Inner => body.Inner.Stream;

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        body.WriteToStreamAsync(buffer, cancellationToken);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (body.TryWrite(buffer))
        {
            base.Write(buffer);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushStreamAsync(cancellationToken);

    public override void Flush()
    {
        if (body.TryWrite([]))
        {
            base.Flush();
        }
    }
}
