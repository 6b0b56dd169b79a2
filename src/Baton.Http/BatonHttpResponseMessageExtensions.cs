using Baton;

namespace System.Net.Http;

/// <summary>What a response says about the caller's deadline.</summary>
public static class BatonHttpResponseMessageExtensions
{
    /// <param name="response">The response.</param>
    extension(HttpResponseMessage response)
    {
        /// <summary>
        /// Whether the service responded with 504 because the deadline that this call gave it had passed there.
        /// </summary>
        /// <remarks>
        /// A service that uses Baton says so in the header <c>Baton-Deadline-Exceeded</c>. False for its own
        /// timeouts, and for a service that says nothing.
        /// </remarks>
        /// <exception cref="ArgumentNullException">The response is null.</exception>
        public bool IsCallerDeadlineExceeded
        {
            get
            {
                ArgumentNullException.ThrowIfNull(response);
                return response.StatusCode == HttpStatusCode.GatewayTimeout
                    && response.Headers.TryGetValues(DeadlineHeader.ExceededName, out var values)
                    && values.Contains(DeadlineHeader.ExceededByCaller, StringComparer.OrdinalIgnoreCase);
            }
        }
    }
}
