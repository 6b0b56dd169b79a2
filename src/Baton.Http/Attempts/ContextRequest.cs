namespace Baton.Http;

/// <summary>
/// A request that one of the methods which take a context has made. It needs no table of options to hold its
/// call.
/// </summary>
internal sealed class ContextRequest(HttpMethod method, Uri? address, Context ctx)
    : HttpRequestMessage(method, address)
{
    /// <summary>The call that this request is sent for.</summary>
    internal Call Call { get; set; } = new(ctx, isOfMethod: true);
}
