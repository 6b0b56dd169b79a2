namespace Baton.AspNetCore;

/// <summary>
/// Where the services of one request find its context. Filled before a handler that takes a context runs.
/// </summary>
/// <remarks>
/// A container knows nothing of the request it works for. <c>IHttpContextAccessor</c> tells it, at the price
/// of an <see cref="AsyncLocal{T}"/> on every request, also on those that never ask: so only an application
/// that has added that pays.
/// </remarks>
[ContextCarrier]
internal sealed class RequestContextSlot(IContextAccessor accessor)
{
    private Context? _context;

    internal Context Context
    {
        get => _context ?? HubConnection.Current?.Context
            ?? accessor.Current ?? throw new InvalidOperationException(
                "The services have a Context for a request that came by UseBaton() to a handler that takes "
                + "one. Call app.UseBaton(), after app.UseRouting() where the application calls that; for a "
                + "service of another handler call builder.Services.AddHttpContextAccessor() too, or use "
                + "HttpContext.RequestContext.");
        set => _context = value;
    }
}
