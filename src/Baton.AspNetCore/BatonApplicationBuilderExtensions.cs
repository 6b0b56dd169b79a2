using Baton;
using Baton.AspNetCore;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Baton in an application's request pipeline.</summary>
public static class BatonApplicationBuilderExtensions
{
    /// <summary>
    /// Gives every request that comes by here a context, which ends when the rest of the pipeline has
    /// returned.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The context is made when it is first asked for, by <c>HttpContext.RequestContext</c> or by a handler's
    /// <see cref="Context"/> parameter; a request that never asks allocates nothing. It ends, with <see
    /// cref="ClientDisconnectedException"/>, when the client leaves, else with <see
    /// cref="RequestCompletedException"/> after the handler has returned or thrown. Where it was first asked
    /// for in the middle of an asynchronous handler that does not take it as a parameter, that is when the
    /// answer has been sent.
    /// </para>
    /// <para>
    /// Place it after <c>UseRouting()</c>, if the application calls that itself, and before whatever is to
    /// use the context. A second call in the same pipeline changes nothing that a handler could see.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// <c>AddBaton()</c> was not called, or its options contradict each other.
    /// </exception>
    public static IApplicationBuilder UseBaton(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var server = app.ApplicationServices.GetService<BatonServer>() ?? throw new InvalidOperationException(
            "UseBaton() needs services that were not added. Call builder.Services.AddBaton() before builder.Build().");
        return app.Use(next => new BatonMiddleware(next, server).InvokeAsync);
    }
}
