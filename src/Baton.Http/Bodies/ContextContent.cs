using System.Net;

namespace Baton.Http;

/// <summary>The body of an answer, which is read for as long as its context is live.</summary>
[ContextCarrier]
internal sealed class ContextContent : HttpContent
{
    private const string LengthHeader = "Content-Length";

    private readonly HttpContent _inner;
    private readonly Context _ctx;

    private ContextContent(HttpContent inner, Context ctx)
    {
        (_inner, _ctx) = (inner, ctx);
        foreach (var header in inner.Headers.NonValidated)
        {
            // The length is computed when somebody asks, so that an answer without other headers needs no
            // table.
            if (!header.Key.Equals(LengthHeader, StringComparison.OrdinalIgnoreCase))
            {
                header.CopyTo(Headers);
            }
        }
    }

    /// <summary>
    /// Reads the body of an answer to its end, or lets the context govern whoever reads it. An answer whose
    /// body breaks off is disposed.
    /// </summary>
    /// <param name="response">The answer.</param>
    /// <param name="ctx">The context of the call.</param>
    /// <param name="bufferLimit">
    /// The most bytes to read; <see cref="ContextRequest.NotBuffered"/> to read none.
    /// </param>
    /// <param name="token">Ends the reading.</param>
    /// <returns>The answer, when it has been read; null if there is nothing to wait for.</returns>
    internal static Task<HttpResponseMessage>? GovernAsync(
        HttpResponseMessage response, Context ctx, int bufferLimit, CancellationToken token)
    {
        if (bufferLimit == ContextRequest.NotBuffered)
        {
            Govern(response, ctx);
            return null;
        }

        var reading = response.Content.LoadIntoBufferAsync(bufferLimit, token);
        return reading.IsCompletedSuccessfully ? null : ReadAsync(response, reading);
    }

    /// <summary>Lets the context govern whoever reads the body of an answer.</summary>
    internal static HttpResponseMessage Govern(HttpResponseMessage response, Context ctx)
    {
        // Nothing to govern where there is no body, where it is here already, or where both sides speak on
        // the connection from now on.
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols
            && response.RequestMessage?.Method != HttpMethod.Connect
            && response.Content is not (ContextContent or ByteArrayContent)
            && !IsEmpty(response.Content))
        {
            response.Content = new ContextContent(response.Content, ctx);
        }

        return response;
    }

    private static async Task<HttpResponseMessage> ReadAsync(HttpResponseMessage response, Task reading)
    {
        try
        {
            await reading.ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Looks at the header as it came: to parse it would cost every call an object.</summary>
    private static bool IsEmpty(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues(LengthHeader, out var length) && length.ToString() == "0";

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var both = TokenPair.Of(_ctx, cancellationToken);
        try
        {
            _ctx.ThrowIfDone();
            await _inner.CopyToAsync(stream, context, both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (HttpErrors.MayBeEndOf(_ctx, e))
        {
            throw _ctx.NewException(e);
        }
        finally
        {
            AbortIfDone();
        }
    }

    protected override void SerializeToStream(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var body = CreateContentReadStream(cancellationToken);
        body.CopyTo(stream);
    }

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new ContextStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _ctx);

    protected override Task<Stream> CreateContentReadStreamAsync() =>
        CreateContentReadStreamAsync(CancellationToken.None);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new ContextStream(_inner.ReadAsStream(cancellationToken), _ctx);

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void AbortIfDone()
    {
        if (_ctx.IsDone)
        {
            _inner.Dispose();
        }
    }
}
