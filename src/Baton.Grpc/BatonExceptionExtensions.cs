using Baton;

namespace Grpc.Core;

/// <summary>What a context's exception keeps of the gRPC call that it ended.</summary>
public static class BatonExceptionExtensions
{
    /// <param name="error">What a call threw.</param>
    extension(OperationCanceledException error)
    {
        /// <summary>
        /// gRPC's own exception for a call that its context ended: its status, and its trailers if there were
        /// any.
        /// </summary>
        /// <remarks>
        /// Beside <see cref="Exception.InnerException"/>, which is the cause. Null if the call ended
        /// otherwise, or on a channel with <c>ThrowOperationCanceledOnCancellation</c>.
        /// </remarks>
        /// <exception cref="ArgumentNullException">The exception is null.</exception>
        public RpcException? RpcException
        {
            get
            {
                ArgumentNullException.ThrowIfNull(error);
                return TransportErrors.KeptBy(error) as RpcException;
            }
        }
    }
}
