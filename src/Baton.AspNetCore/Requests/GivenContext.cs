using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>
/// The context that a test has set on an <see cref="HttpContext"/> of its own, where there is no server and
/// no <c>UseBaton()</c>.
/// </summary>
[ContextCarrier]
internal sealed class GivenContext(Context ctx) : IHttpRequestLifetimeFeature
{
    private CancellationToken? _aborted;

    internal Context Context => ctx;

    public CancellationToken RequestAborted
    {
        get => _aborted ?? ctx.Done;
        set => _aborted = value;
    }

    public void Abort() => _aborted = new CancellationToken(canceled: true);
}
