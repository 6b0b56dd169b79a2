using System.Net;

namespace Baton.Http;

/// <summary>
/// What a request sends, so that a source that stalls delays no cancel: the transport waits until its content
/// returns, and a source may take no notice of the token.
/// </summary>
internal sealed class UploadContent : HttpContent
{
    private readonly HttpContent _source;

    private UploadContent(HttpContent source)
    {
        _source = source;
        source.Headers.CopyTo(Headers);
    }

    /// <summary>Stands in for a content that could stall; what is in memory cannot.</summary>
    internal static HttpContent? Of(HttpContent? content) =>
        content is null or ByteArrayContent or ReadOnlyMemoryContent or UploadContent
            ? content
            : new UploadContent(content);

    /// <summary>What it stands in for.</summary>
    internal static HttpContent? SourceOf(HttpContent? content) =>
        (content as UploadContent)?._source ?? content;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var gate = new GateStream(stream);
        var copying = _source.CopyToAsync(gate, context, cancellationToken);
        try
        {
            await copying.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (!copying.IsCompleted)
        {
            // The source is left alone with a stream that leads nowhere. Nobody waits for how that ends.
            gate.Close();
            _ = copying.ContinueWith(
                static left => left.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw;
        }
    }

    protected override void SerializeToStream(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _source.CopyTo(stream, context, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _source.Headers.ContentLength ?? 0;
        return _source.Headers.ContentLength is not null;
    }
}
