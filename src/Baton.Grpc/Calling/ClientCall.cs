using System.Runtime.ExceptionServices;
using Grpc.Core;

namespace Baton.Grpc;

/// <summary>
/// One call of a client: the context it ends with, and what its end looks like to the caller.
/// </summary>
[ContextCarrier]
internal sealed class ClientCall : IDisposable
{
    // gRPC's timer and the context's fire for one instant. Either may be first, by about this much.
    private static readonly TimeSpan s_jitter = TimeSpan.FromMilliseconds(10);

    private readonly Context _ctx;
    private readonly CancellationToken _own;
    private readonly CancellationTokenSource? _linked;
    private readonly TimeSpan _margin;
    private readonly CallObserver? _observer;
    private object? _told;

    /// <summary>Whether the call has ended by itself. The end of its context then changes nothing any more.</summary>
    private volatile bool _isOver;

    internal ClientCall(Context ctx, CallOptions options, GrpcMeter meter)
    {
        _ctx = ctx;
        _own = options.CancellationToken;
        if (_own.CanBeCanceled && !CallToken.IsOf(ctx, _own))
        {
            _linked = CancellationTokenSource.CreateLinkedTokenSource(ctx, _own);
        }

        var left = ctx.Remaining;
        _margin = left - Deadline.RoundDown(left) + s_jitter;
        Options = Deadline.Shorten(options, left).WithCancellationToken(_linked?.Token ?? ctx);
        _observer = CallObserver.Started(ctx, meter);
    }

    /// <summary>The options with the context's token, and the earlier of the two deadlines.</summary>
    internal CallOptions Options { get; }

    /// <summary>
    /// How long the context may take to end once gRPC has said that its deadline has passed. The system's
    /// clock, which gRPC goes by, gets there for certain. Another clock may stand still.
    /// </summary>
    private TimeSpan Patience =>
        _ctx.TimeProvider == TimeProvider.System ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(1);

    /// <summary>
    /// Tells listeners of the call, which <see cref="Dispose"/> ends. One whose context is done is not made.
    /// </summary>
    internal ClientCall Tell(Uri? target, string operation)
    {
        _told = _ctx.IsDone ? null : CallEvents.Start(_ctx, target, operation);
        return this;
    }

    /// <summary>Starts the call. A call that cannot be started lets go of the context.</summary>
    internal T Begin<T>(Func<T> start)
    {
        var outer = Enter();
        try
        {
            return start();
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            Leave(outer);
        }
    }

    /// <summary>
    /// Throws if the context is done and the call is not over. gRPC learns of that on another thread, a little later.
    /// </summary>
    /// <param name="thrown">What gRPC threw, if it has.</param>
    internal void ThrowIfDone(Exception? thrown = null)
    {
        if (_ctx.IsDone && !_isOver)
        {
            _observer?.Ended(isByContext: true);
            throw _ctx.NewException(thrown);
        }
    }

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
            await Task.Delay(Patience, TimeProvider.System, _ctx)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ThrowIfDone(e);
            throw;
        }
        catch (OperationCanceledException e) when (IsByOwnToken(e))
        {
            throw WithOwnToken(e);
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
            await Task.Delay(Patience, TimeProvider.System, _ctx)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ThrowIfDone(e);
            throw;
        }
        catch (OperationCanceledException e) when (IsByOwnToken(e))
        {
            throw WithOwnToken(e);
        }
    }

    /// <summary>Waits for the end of the call, and then lets go of the context.</summary>
    internal async Task<T> ToEnd<T>(Task<T> response)
    {
        try
        {
            var result = await Within(response).ConfigureAwait(false);
            End();
            return result;
        }
        catch (Exception e)
        {
            End(e);
            throw;
        }
    }

    /// <summary>Makes a call that blocks the thread.</summary>
    internal T Block<T>(Func<T> act)
    {
        var outer = Enter();
        try
        {
            return act();
        }
        catch (Exception e) when (IsByContext(e))
        {
            _ctx.Done.WaitHandle.WaitOne(Patience);
            ThrowIfDone(e);
            throw;
        }
        catch (OperationCanceledException e) when (IsByOwnToken(e))
        {
            throw WithOwnToken(e);
        }
        finally
        {
            Leave(outer);
            Dispose();
        }
    }

    /// <summary>The headers of the response, for a caller that asks for them.</summary>
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

    /// <summary>The call is over: lets go of the context.</summary>
    /// <param name="failure">What the caller gets; null if the call has succeeded.</param>
    internal void End(Exception? failure = null)
    {
        _isOver |= failure is not ContextException;
        Dispose();
    }

    /// <summary>Lets go of the context. The call itself is gRPC's to end.</summary>
    public void Dispose()
    {
        _linked?.Dispose();
        _observer?.Ended(isByContext: false);
        CallEvents.Stop(Interlocked.Exchange(ref _told, null));
    }

    /// <summary>gRPC's client makes its activity in the flow of execution that it is called in.</summary>
    /// <returns>What was there before.</returns>
    private CallObserver? Enter()
    {
        if (_observer is null)
        {
            return null;
        }

        var outer = GrpcActivities.Current;
        GrpcActivities.Current = _observer;
        return outer;
    }

    private void Leave(CallObserver? outer)
    {
        if (_observer is not null)
        {
            GrpcActivities.Current = outer;
        }
    }

    /// <summary>
    /// Marks a failure as observed, as gRPC does with the parts of a call that the caller does not await: it
    /// must not come back as an unobserved task exception.
    /// </summary>
    private static void Observe(Task? part) => part?.ContinueWith(
        static failed => failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>
    /// Whether gRPC's exception has the linked token in it because the call's own was canceled. Callers compare
    /// an exception's token with the one that they gave.
    /// </summary>
    private bool IsByOwnToken(OperationCanceledException e) =>
        _linked is not null
        && _own.IsCancellationRequested
        && e.CancellationToken == Options.CancellationToken
        && e.GetType() == typeof(OperationCanceledException);

    private OperationCanceledException WithOwnToken(OperationCanceledException e)
    {
        var same = new OperationCanceledException(e.Message, e.InnerException, _own);
        if (e.StackTrace is { } trace)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(same, trace);
        }

        return same;
    }

    private bool IsByContext(Exception e) => !_isOver && e switch
    {
        // gRPC, on this side or the other, may notice the deadline a little earlier than the context does. It
        // is one deadline, so the caller gets the same exception whichever of them is first.
        RpcException { StatusCode: StatusCode.DeadlineExceeded } => _ctx.IsDone || IsDue(),
        RpcException { StatusCode: StatusCode.Cancelled } => _ctx.IsDone,

        // A cancel disposes the response and resets the stream. If gRPC is just about to read, it takes what it then
        // finds, a response that is disposed or cannot be read again, or a stream that is aborted, for a failure. A status
        // of the service has no such exception.
        RpcException
        {
            Status.DebugException: InvalidOperationException or IOException or System.Net.Http.HttpRequestException
        } => _ctx.IsDone,
        OperationCanceledException => _ctx.IsDone || IsDue(),
        _ => false,
    };

    private bool IsDue() => _ctx.Deadline is not null && _ctx.Remaining <= _margin;
}
