using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>
/// The context that was set on a request whose features are a copy of another request's, as those of batches are.
/// It was derived from that request's context.
/// </summary>
/// <remarks>A feature of the copy alone: the other request, and other copies of it, keep what they have.</remarks>
[ContextCarrier]
internal sealed class CopiedContext(RequestContext request, Context ctx) : IHttpRequestLifetimeFeature
{
    private Context _current = ctx;
    private Context? _carrier;

    internal RequestContext Request => request;

    internal Context Context => _current;

    public CancellationToken RequestAborted
    {
        get
        {
            var carrier = RequestContext.CarrierOf(_current, _carrier);
            if (carrier != _current)
            {
                _carrier = carrier;
            }

            return carrier.Done;
        }

        set => _current = request.With(_current, _carrier, value);
    }

    public void Abort() => request.Abort();
}
