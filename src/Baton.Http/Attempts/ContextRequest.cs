namespace Baton.Http;

/// <summary>
/// A request that is made with its context, so that it needs no table of options to hold one.
/// </summary>
[ContextCarrier]
internal sealed class ContextRequest(HttpMethod method, Uri? address, Context ctx)
    : HttpRequestMessage(method, address)
{
    internal const int NotBuffered = -1;

    private readonly int _bufferLimit = NotBuffered;
    private bool _hasAttempts;

    internal Context Context => ctx;

    /// <summary>
    /// The most bytes of the answer's body, which the call reads to its end; <see cref="NotBuffered"/> if it
    /// does not, or if that is for a <see cref="CallHandler"/> to do.
    /// </summary>
    internal int BufferLimit
    {
        get => _hasAttempts ? NotBuffered : _bufferLimit;
        init => _bufferLimit = value;
    }

    /// <summary>
    /// Whether one <see cref="BatonHandler"/> takes care of the whole call. Whoever sent the request looks
    /// when that has returned its task; the handler says so before its first await.
    /// </summary>
    internal bool IsGoverned { get; private set; }

    /// <summary>The handler has got it.</summary>
    internal void Take() => IsGoverned = !_hasAttempts;

    /// <summary>A <see cref="CallHandler"/> has got it, and sends it on for each attempt.</summary>
    /// <returns>The most bytes of the body that it is to read.</returns>
    internal int TakeForAttempts()
    {
        _hasAttempts = true;
        return _bufferLimit;
    }
}
