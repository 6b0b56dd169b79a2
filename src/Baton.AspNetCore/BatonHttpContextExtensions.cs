using Baton;
using Baton.AspNetCore;
using Own = Baton.AspNetCore.RequestContext;

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
        /// It is the one that a handler's <see cref="Context"/> parameter gets, and that a service gets by
        /// its constructor; <see cref="HttpContext.RequestAborted"/> is its token.
        /// <see cref="Context.Cause"/> tells why it ended; see <c>UseBaton()</c>. Nobody has to dispose it,
        /// and disposing it does nothing. After the request, code that still has the
        /// <see cref="HttpContext"/> finds the context that has ended.
        /// </para>
        /// <para>
        /// Middleware sets it to add to it, for everything later in the pipeline: <c>http.RequestContext =
        /// http.RequestContext.WithValue(User, user)</c>. Middleware that sets
        /// <see cref="HttpContext.RequestAborted"/> does as well: the context is then one that also ends by
        /// that token. So does middleware that puts an <c>IHttpRequestLifetimeFeature</c> of its own into the request,
        /// for as long as the feature is there. On a request with a copy of another one's features, as handlers of
        /// batches make them, what is set is the copy's alone. A test may set it to any context on an
        /// <see cref="HttpContext"/> of its own.
        /// </para>
        /// <para>
        /// The context may be used from any thread. Asking for it, like all use of <see cref="HttpContext"/>,
        /// is for one thread at a time, and for as long as the request lasts. Setting it is for the time
        /// before the handler returns.
        /// </para>
        /// </remarks>
        /// <exception cref="ArgumentNullException">
        /// The <see cref="HttpContext"/>, or the value, is null.
        /// </exception>
        /// <exception cref="ArgumentException">
        /// The value was not derived from the request's own context.
        /// </exception>
        /// <exception cref="InvalidOperationException">
        /// The request did not pass through <c>app.UseBaton()</c>.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The server has recycled the
        /// <see cref="HttpContext"/>.</exception>
        public Context RequestContext
        {
            get
            {
                ArgumentNullException.ThrowIfNull(httpContext);
                return Own.Of(httpContext)
                    ?? throw new InvalidOperationException(PipelineAdvice.NotThrough(httpContext));
            }

            set
            {
                ArgumentNullException.ThrowIfNull(httpContext);
                ArgumentNullException.ThrowIfNull(value);
                Own.Replace(httpContext, value);
            }
        }
    }
}
