using Baton;
using Baton.AspNetCore;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Baton in an application's request pipeline.</summary>
public static class BatonApplicationBuilderExtensions
{
    /// <summary>
    /// Gives every request that passes through here a context, with the deadline it has, and responds for the
    /// handler if that leaves because the context has ended.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Every request has one, whatever its handler looks like: <c>HttpContext.RequestContext</c>, a handler's
    /// <see cref="Context"/> or token parameter and <c>HttpContext.RequestAborted</c> are all it. It ends
    /// with a <see cref="ClientDisconnectedException"/> when the client leaves, with a
    /// <see cref="RequestAbortedException"/> when the application calls <c>HttpContext.Abort()</c>, with a
    /// <see cref="RequestTimeoutException"/> when its time is up, with a
    /// <see cref="ServerShutdownException"/> when the server stops and waits no longer, as
    /// <see cref="BatonOptions.BaseContext"/> ends, or else with a <see cref="RequestCompletedException"/>
    /// after the handler has returned or thrown.
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
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// <c>AddBaton()</c> was not called, its options contradict each other, or a singleton takes a
    /// <see cref="Context"/> in its constructor.
    /// </exception>
    public static IApplicationBuilder UseBaton(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var server = app.ApplicationServices.GetService<BatonServer>() ?? throw new InvalidOperationException(
            "UseBaton() needs services that were not added. Call builder.Services.AddBaton() before "
            + "builder.Build().");
        app.ApplicationServices.GetRequiredService<SingletonCheck>().Check(app.ApplicationServices);
        server.Advice.IsUsed = true;
        return app.Use(next => new BatonMiddleware(next, server).InvokeAsync);
    }
}
