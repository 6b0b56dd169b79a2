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
        DeadlineExceededException => true,

        // A context further down that was canceled is the application's own, as a group is whose task failed. A
        // status of Baton's would hide the failure from the log.
        OperationCanceledException => ctx.IsDone,

        // A read or a write throws this after the client has reset the stream.
        IOException => ctx.IsDone,

        // A call to another service, made without Baton's interceptor, failed because this call ended.
        RpcException { StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded } => ctx.IsDone,
        _ => false,
    };

    /// <summary>The exception that gives the call its status. It keeps what the method threw.</summary>
    internal static RpcException Exception(Exception thrown, Context ctx)
    {
        // The end of the request comes first: the exception may be that of a context further down.
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
