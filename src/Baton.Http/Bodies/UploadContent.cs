using System.Net;
using System.Net.Http.Json;

namespace Baton.Http;

/// <summary>
/// Stands in for what a request sends, so that a source that stalls delays no cancel: the transport waits until
/// the content returns, and a source may take no notice of the token.
/// </summary>
/// <remarks>
/// It stays the content of the request when the request has been sent. A handler further in may have buffered
/// it, and a retry must then send the buffer, because the source cannot be read twice.
/// </remarks>
internal sealed class UploadContent : HttpContent
{
    private readonly HttpContent _source;

    private UploadContent(HttpContent source)
    {
        _source = source;
        ContextContent.CopyHeaders(source, this);
    }

    /// <summary>Takes the place of a content that could stall. A content that is in memory cannot.</summary>
    internal static void StandIn(HttpRequestMessage request)
    {
        if (request.Content
            is not (null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent or UploadContent))
        {
            request.Content = new UploadContent(request.Content);
        }
    }

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
            // The source is left with a stream that refuses what it writes. Nobody waits for how that ends.
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }
}
