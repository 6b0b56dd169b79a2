using Baton.AspNetCore;
using Grpc.Core;

namespace Baton.Grpc.AspNetCore;

/// <summary>The status that tells a client why its call's context, or one derived from it, ended.</summary>
internal static class StatusOf
{
    /// <summary>
    /// Whether a service method left with <paramref name="thrown"/> because a context was done, rather than
    /// for a reason of its own.
    /// </summary>
    internal static bool IsByContext(Exception thrown, Context ctx) => thrown switch
    {
        ContextCanceledException or DeadlineExceededException => true,
        OperationCanceledException => ctx.IsDone,

        // What a read or write gives when the client has reset the stream.
        IOException => ctx.IsDone,

        // The failure of a call further on that ended along with this one, made without Baton's client.
        RpcException { StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded } => ctx.IsDone,
        _ => false,
    };

    /// <summary>The exception that gives the call its status. What was thrown stays inside.</summary>
    internal static RpcException Exception(Exception thrown, Context ctx)
    {
        // The request's own end says more than an exception that may come from further down.
        var (err, cause) = ctx.IsDone
            ? (ctx.Err!, ctx.Cause)
            : ((OperationCanceledException)thrown, thrown.InnerException);
        var status = cause switch
        {
            ServerShutdownException => new Status(StatusCode.Unavailable, cause.Message, thrown),
            _ when err is DeadlineExceededException =>
                new Status(StatusCode.DeadlineExceeded, err.Message, thrown),
            _ => new Status(StatusCode.Cancelled, err.Message, thrown),
        };
        return new RpcException(status, err.Message);
    }
}
