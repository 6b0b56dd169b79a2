using Baton;
using Baton.AspNetCore;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Baton in an application's request pipeline.</summary>
public static class BatonApplicationBuilderExtensions
{
    /// <summary>
    /// Gives every request that comes by here a context, with the deadline it has, and answers it if its
    /// handler leaves it unanswered when the context ends.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The context is made when it is first asked for, by <c>HttpContext.RequestContext</c>, by a handler's
    /// <see cref="Context"/> or token parameter, or by a timeout; a request that never asks allocates
    /// nothing. It ends with a <see cref="ClientDisconnectedException"/> when the client leaves, with a
    /// <see cref="RequestTimeoutException"/> when its time is up, with a
    /// <see cref="ServerShutdownException"/> when the server stops and waits no longer, as
    /// <see cref="BatonOptions.BaseContext"/> ends, or else with a <see cref="RequestCompletedException"/>
    /// after the handler has returned or thrown. <c>HttpContext.RequestAborted</c> is then the context's
    /// token.
    /// </para>
    /// <para>
    /// It stands in for <c>UseRequestTimeouts()</c>: <c>[RequestTimeout]</c>, <c>WithRequestTimeout</c>,
    /// <c>DisableRequestTimeout</c>, the policies of <c>AddRequestTimeouts</c> and
    /// <c>IHttpRequestTimeoutFeature</c> work as they do there, none of it under a debugger. Use one of the
    /// two.
    /// </para>
    /// <para>
    /// Place it after <c>UseRouting()</c>, if the application calls that itself, after an exception handler,
    /// and before whatever is to use the context. A second call in the same pipeline changes nothing that a
    /// handler could see.
    /// </para>
    /// <para>
    /// A handler that first asks in the middle of its work, between two awaits, is not seen to ask: in the
    /// first such request of an endpoint the context ends when the answer has been sent, and its cancellation
    /// is not answered here. From the second on they are as all others.
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
            "UseBaton() needs services that were not added. Call builder.Services.AddBaton() before "
            + "builder.Build().");
        return app.Use(next => new BatonMiddleware(next, server).InvokeAsync);
    }
}
