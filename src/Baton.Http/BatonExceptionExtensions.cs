using Baton;

namespace System.Net.Http;

/// <summary>What a context's exception keeps of the call that it ended.</summary>
public static class BatonExceptionExtensions
{
    /// <param name="error">What a call threw.</param>
    extension(OperationCanceledException error)
    {
        /// <summary>
        /// What the transport threw when the context had ended; null if the call never got that far.
        /// </summary>
        /// <remarks>
        /// Beside <see cref="Exception.InnerException"/>, which is the cause. For logs: its type and text
        /// differ from protocol to protocol.
        /// </remarks>
        public Exception? TransportException
        {
            get
            {
                ArgumentNullException.ThrowIfNull(error);
                return TransportErrors.KeptBy(error);
            }
        }
    }
}
