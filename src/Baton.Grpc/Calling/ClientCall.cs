using Grpc.Core;

namespace Baton.Grpc;

/// <summary>
/// One call of a client: the context it ends with, and what its end looks like to the caller.
/// </summary>
internal sealed class ClientCall : IDisposable
{
    // Two timers for one instant, gRPC's and the context's: either is the first by about this much.
    private static readonly TimeSpan s_jitter = TimeSpan.FromMilliseconds(10);

    private readonly Context _ctx;
    private readonly CancelableContext? _both;
    private readonly TimeSpan _margin;

    internal ClientCall(Context ctx, CallOptions options)
    {
        _ctx = ctx;
        var token = options.CancellationToken;
        if (token.CanBeCanceled && token != ctx.Done)
        {
            _both = ctx.WithCancel(token);
        }

        var left = ctx.Remaining;
        _margin = left - Deadline.RoundDown(left) + s_jitter;
        Options = Deadline.Shorten(options, left).WithCancellationToken(_both ?? ctx);
    }

    /// <summary>The options with the context's token, and the earlier of the two deadlines.</summary>
    internal CallOptions Options { get; }

    /// <summary>Starts the call. One that does not get that far lets go of the context.</summary>
    internal T Begin<T>(Func<T> start)
    {
        try
        {
            return start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// Throws if the context is done: gRPC learns of that on another thread, and a little later.
    /// </summary>
    internal void ThrowIfDone() => _ctx.ThrowIfDone();

    /// <summary>
    /// Waits for a part of the call. A failure that the context caused is the context's own.
    /// </summary>
    internal async Task<T> Within<T>(Task<T> part)
    {
        try
        {
            return await part.ConfigureAwait(false);
        }
        catch (Exception e) when (IsByContext(e))
        {
            await Select.Done(_ctx).ConfigureAwait(false);
            throw _ctx.NewException(e);
        }
    }

    /// <inheritdoc cref="Within{T}(Task{T})"/>
    internal async Task Within(Task part)
    {
        try
        {
            await part.ConfigureAwait(false);
        }
        catch (Exception e) when (IsByContext(e))
        {
            await Select.Done(_ctx).ConfigureAwait(false);
            throw _ctx.NewException(e);
        }
    }

    /// <summary>Waits for the end of the call, and then lets go of the context.</summary>
    internal async Task<T> ToEnd<T>(Task<T> response)
    {
        try
        {
            return await Within(response).ConfigureAwait(false);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Makes a call that blocks the thread.</summary>
    internal T Block<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (IsByContext(e))
        {
            _ctx.Done.WaitHandle.WaitOne();
            throw _ctx.NewException(e);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>The headers of the answer, for who asks for them.</summary>
    internal Task<Metadata> Headers(Task<Metadata> headers)
    {
        var within = Within(headers);
        Observe(within);
        return within;
    }

    /// <summary>What the caller does when it disposes the call.</summary>
    internal void Leave(IDisposable inner, Task? response)
    {
        inner.Dispose();
        Observe(response);
        Dispose();
    }

    /// <summary>Lets go of the context. The call itself is gRPC's to end.</summary>
    public void Dispose() => _both?.Dispose();

    /// <summary>
    /// As gRPC does with parts of a call that nobody waits for: their failure is seen elsewhere, or by
    /// nobody.
    /// </summary>
    private static void Observe(Task? part) => part?.ContinueWith(
        static failed => failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private bool IsByContext(Exception e) => e switch
    {
        // Also a deadline that gRPC, on this side or the other, notices a little earlier than the context
        // does: there is one deadline, so it is to look the same to the caller whoever is the first.
        RpcException { StatusCode: StatusCode.DeadlineExceeded } => _ctx.IsDone || IsDue(),
        RpcException { StatusCode: StatusCode.Cancelled } => _ctx.IsDone,
        OperationCanceledException => _ctx.IsDone || IsDue(),
        _ => false,
    };

    private bool IsDue() => _ctx.Deadline is not null && _ctx.Remaining <= _margin;
}
