using Baton;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>The context of a gRPC call, on the server.</summary>
public static class BatonServerCallContextExtensions
{
    /// <param name="call">The call that a service method was given.</param>
    extension(ServerCallContext call)
    {
        /// <summary>
        /// The call's <see cref="Context"/>: done when the client leaves, its deadline passes, the server
        /// stops, or the method has returned.
        /// </summary>
        /// <remarks>
        /// It is the request's context, the same object as <c>HttpContext.RequestContext</c>. The deadline
        /// that the client sent is its deadline. It may be used from any thread, and need not be disposed.
        /// </remarks>
        /// <exception cref="ArgumentNullException">The <see cref="ServerCallContext"/> is null.</exception>
        /// <exception cref="InvalidOperationException">
        /// The request did not pass through <c>app.UseBaton()</c>, or the call is not one of ASP.NET Core's.
        /// </exception>
        public Context RequestContext
        {
            get
            {
                ArgumentNullException.ThrowIfNull(call);
                return call.GetHttpContext().RequestContext;
            }
        }
    }
}
