namespace Baton.Http;

/// <summary>
/// An answer that says the attempt failed. Whoever makes the attempts disposes it before it waits for the
/// next one; it is kept whole until that has begun, because it may have been the last.
/// </summary>
internal sealed class KeptResponse : HttpResponseMessage
{
    /// <summary>Bytes of a body that are read ahead: more than an error has to say.</summary>
    private const int MostKept = 64 * 1024;

    private readonly Lock _gate = new();
    private bool _isKept = true;
    private bool _wasDisposed;

    private KeptResponse(HttpResponseMessage response, HttpContent content)
    {
        StatusCode = response.StatusCode;
        ReasonPhrase = response.ReasonPhrase;
        Version = response.Version;
        RequestMessage = response.RequestMessage;
        Content = content;
        response.Headers.CopyTo(Headers);
        response.Content.Headers.CopyTo(content.Headers);
    }

    /// <summary>
    /// Reads the beginning of the body, which mostly is all of it: it can then be read also past the
    /// deadline.
    /// </summary>
    /// <exception cref="HttpRequestException">The body broke off.</exception>
    internal static async Task<KeptResponse> OfAsync(HttpResponseMessage response, CancellationToken token)
    {
        try
        {
            var body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
            var start = new MemoryStream();
            var part = new byte[4096];
            while (start.Length <= MostKept)
            {
                var count = await body.ReadAsync(part, token).ConfigureAwait(false);
                if (count == 0)
                {
                    var whole = new KeptResponse(
                        response, new ByteArrayContent(start.GetBuffer(), 0, (int)start.Length));
                    response.Dispose();
                    return whole;
                }

                start.Write(part, 0, count);
            }

            start.Position = 0;
            return new KeptResponse(response, new StreamContent(new JoinedStream(start, body)));
        }
        catch (Exception e)
        {
            response.Dispose();
            throw e is IOException
                ? new HttpRequestException(
                    "The body of an answer that says the call failed broke off.", e, response.StatusCode)
                : HttpErrors.Same(e);
        }
    }

    /// <summary>From now on it is whole, and disposed by whoever has it.</summary>
    internal HttpResponseMessage HandOver()
    {
        lock (_gate)
        {
            (_isKept, _wasDisposed) = (false, false);
        }

        return this;
    }

    /// <summary>It was not the last: disposes it, unless somebody still has it.</summary>
    internal void LetGo()
    {
        bool isOurs;
        lock (_gate)
        {
            (_isKept, isOurs) = (false, _wasDisposed);
        }

        if (isOurs)
        {
            base.Dispose(true);
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (_isKept)
            {
                _wasDisposed = true;
                return;
            }
        }

        base.Dispose(disposing);
    }
}
