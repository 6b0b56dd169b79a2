namespace Baton.Http;

/// <summary>A request that is made with its context, so that it needs no table of options to hold one.</summary>
internal sealed class ContextRequest(HttpMethod method, Uri? address, Context ctx) : HttpRequestMessage(method, address)
{
    internal const long NotBuffered = -1;

    internal Context Context => ctx;

    /// <summary>
    /// The most bytes of the answer's body, which the call reads to its end; <see cref="NotBuffered"/> if it does
    /// not.
    /// </summary>
    internal long BufferLimit { get; init; } = NotBuffered;

    /// <summary>
    /// Set by a <see cref="BatonHandler"/> that takes care of the whole call. Written before the handler's first
    /// await, and read by whoever sent the request when that has returned its task.
    /// </summary>
    internal bool IsGoverned { get; set; }
}
