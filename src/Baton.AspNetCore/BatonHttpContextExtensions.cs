using Baton;
using Baton.AspNetCore;

namespace Microsoft.AspNetCore.Http;

/// <summary>The context of a request.</summary>
public static class BatonHttpContextExtensions
{
    /// <param name="httpContext">The request.</param>
    extension(HttpContext httpContext)
    {
        /// <summary>
        /// The request's <see cref="Context"/>: done when the client leaves, the request's time is up, the
        /// server stops, or the handler has returned.
        /// </summary>
        /// <remarks>
        /// <para>
        /// The same object every time, and the one that a handler's <see cref="Context"/> parameter gets. It
        /// is made when first asked for; if the client has left by then, it is done from the start.
        /// <see cref="Context.Cause"/> tells why it ended; see <c>UseBaton()</c>. Nobody has to dispose it,
        /// and disposing it does nothing. Code that ran before the handler can still read it afterwards.
        /// </para>
        /// <para>
        /// The context may be used from any thread. Asking for it, like all use of <see cref="HttpContext"/>,
        /// is for one thread at a time, and for as long as the request lasts.
        /// </para>
        /// </remarks>
        /// <exception cref="ArgumentNullException">The <see cref="HttpContext"/> is null.</exception>
        /// <exception cref="InvalidOperationException">
        /// The request has not come by <c>app.UseBaton()</c>.
        /// </exception>
        public Context RequestContext
        {
            get
            {
                ArgumentNullException.ThrowIfNull(httpContext);
                return RequestContext.Of(httpContext);
            }
        }
    }
}
