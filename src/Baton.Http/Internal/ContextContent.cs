using System.Net;

namespace Baton.Http;

/// <summary>The body of an answer, which is read for as long as its context is live.</summary>
internal sealed class ContextContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Context _ctx;

    private ContextContent(HttpContent inner, Context ctx)
    {
        (_inner, _ctx) = (inner, ctx);
        foreach (var header in inner.Headers.NonValidated)
        {
            foreach (var value in header.Value)
            {
                Headers.TryAddWithoutValidation(header.Key, value);
            }
        }
    }

    /// <summary>
    /// Lets the context govern the body of an answer, unless it has none or somebody else speaks on that connection.
    /// </summary>
    internal static void Govern(HttpResponseMessage response, Context ctx)
    {
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols
            && response.RequestMessage?.Method != HttpMethod.Connect
            && response.Content is not ContextContent
            && response.Content.Headers.ContentLength != 0)
        {
            response.Content = new ContextContent(response.Content, ctx);
        }
    }

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
            throw HttpErrors.Of(_ctx, e);
        }
        finally
        {
            AbortIfDone();
        }
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var body = CreateContentReadStream(cancellationToken);
        body.CopyTo(stream);
    }

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new ContextStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _ctx);

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

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
