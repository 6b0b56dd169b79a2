using System.Net;

namespace Baton.Http;

/// <summary>The body of a response, which can be read for as long as its context is live.</summary>
[ContextCarrier]
internal sealed class ContextContent : HttpContent
{
    private const string LengthHeader = "Content-Length";

    private readonly HttpContent _inner;
    private readonly Call _call;

    private ContextContent(HttpContent inner, Call call)
    {
        (_inner, _call) = (inner, call);
        CopyHeaders(inner, this);
    }

    /// <summary>Adds the headers of a content to another, as they are.</summary>
    internal static void CopyHeaders(HttpContent from, HttpContent to)
    {
        foreach (var header in from.Headers.NonValidated)
        {
            foreach (var value in header.Value)
            {
                to.Headers.TryAddWithoutValidation(header.Key, value);
            }
        }
    }

    /// <summary>Lets the context end reads of a response's body.</summary>
    internal static HttpResponseMessage Govern(HttpResponseMessage response, Call call)
    {
        // There is nothing to end where there is no body, where it is in memory already, and where both sides
        // speak on the connection from now on.
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols
            && response.RequestMessage?.Method != HttpMethod.Connect
            && response.Content is not (ContextContent or ByteArrayContent)
            && !IsEmpty(response.Content))
        {
            response.Content = new ContextContent(response.Content, call);
        }

        return response;
    }

    /// <summary>Looks at the header as it came: to parse it would cost every call an object.</summary>
    private static bool IsEmpty(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues(LengthHeader, out var length) && length.ToString() == "0";

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var ctx = _call.Context;
        using var both = TokenPair.Of(ctx, cancellationToken);
        try
        {
            if (ctx.IsDone)
            {
                throw _call.EndedInBody();
            }

            await _inner.CopyToAsync(stream, context, both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (HttpErrors.MayBeEndOf(ctx, e))
        {
            throw _call.EndedInBody(e);
        }
        catch (OperationCanceledException e) when (
            HttpErrors.ForCaller(e, ctx, isGiven: true, both, cancellationToken) is { } theirs)
        {
            throw theirs;
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
        new ContextStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _call);

    protected override Task<Stream> CreateContentReadStreamAsync() =>
        CreateContentReadStreamAsync(CancellationToken.None);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new ContextStream(_inner.ReadAsStream(cancellationToken), _call);

    /// <summary>Without a length among the headers: one that the inner content knows.</summary>
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
        if (_call.Context.IsDone)
        {
            _inner.Dispose();
        }
    }
}
