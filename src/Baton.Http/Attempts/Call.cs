using System.Net;

namespace Baton.Http;

/// <summary>
/// One call, and what the attempts of it have shown, which follow one another or run side by side. A request
/// holds its call, so an attempt is each send of that request, or of a copy that has its options.
/// </summary>
/// <remarks>Threads: safe to use from any.</remarks>
/// <param name="ctx">The call's context.</param>
/// <param name="isOfMethod">
/// Whether one of the methods that take a context makes the call. That method then sees to how the call ends and
/// to the response's body, and the token of the call is canceled with the context.
/// </param>
[ContextCarrier]
internal sealed class Call(Context ctx, bool isOfMethod = false)
{
    private static readonly HttpRequestOptionsKey<Call> s_key = new("Baton.Call");

    private int _running;
    private bool _hasBegun;

    /// <summary>
    /// How long the last attempt took whose response was a failure, in ticks. Zero after another response: a
    /// send that follows it is no retry. An attempt that was cut changes nothing here, because a healthy
    /// attempt may be much shorter.
    /// </summary>
    private long _took;

    /// <summary>How the last attempt failed: an exception, or the status of the response.</summary>
    private object? _failure;

    private bool _hasSucceeded;
    private TaskCompletionSource? _allFailed;
    private CallObserver? _observer;

    internal Context Context => ctx;

    internal bool IsOfMethod => isOfMethod;

    /// <summary>Whether an attempt was made: the next one is a retry or a hedge.</summary>
    internal bool HasBegun => Volatile.Read(ref _hasBegun);

    /// <summary>The call that a request is sent for; a new one if it has none with this context.</summary>
    internal static Call Of(HttpRequestMessage request, Context ctx)
    {
        if (request is ContextRequest own && own.Call.Context == ctx)
        {
            return own.Call;
        }

        if (!request.Options.TryGetValue(s_key, out var call) || call.Context != ctx)
        {
            call = new Call(ctx);
            call.ShareWithCopies(request);
        }

        return call;
    }

    /// <summary>Copies of the request that are made from now on belong to this call too.</summary>
    internal void ShareWithCopies(HttpRequestMessage request) => request.Options.Set(s_key, this);

    /// <summary>
    /// The call begins, and was not refused. Where a handler of the application's own makes several attempts in
    /// front of ours, each attempt that follows the last one's end is seen as a call.
    /// </summary>
    internal void Started(Uri? address, HttpMeter meter)
    {
        if (_observer is null || (!isOfMethod && _observer.IsOver))
        {
            _observer = CallObserver.Started(ctx, address, meter);
        }
    }

    /// <summary>The call is over.</summary>
    /// <param name="failure">What it ended with; null for a response.</param>
    internal void Ended(Exception? failure) => _observer?.Ended(failure);

    /// <summary>The exception for a caller that reads a body after the end of the context.</summary>
    internal ContextException EndedInBody(Exception? transportException = null)
    {
        _observer?.EndedByContext();
        return ctx.NewException(transportException);
    }

    /// <summary>Begins an attempt, if there is time for it.</summary>
    /// <param name="least">The least time that is worth an attempt.</param>
    /// <param name="needed">How much time had to remain.</param>
    internal bool TryBegin(TimeSpan least, out TimeSpan needed)
    {
        var took = TimeSpan.FromTicks(Interlocked.Read(ref _took));
        needed = took > least ? took : least;
        var remaining = ctx.Remaining;
        if (ctx.IsDone || (remaining != Timeout.InfiniteTimeSpan && remaining < needed))
        {
            return false;
        }

        Volatile.Write(ref _hasBegun, true);
        Interlocked.Increment(ref _running);
        return true;
    }

    /// <summary>Ends an attempt that got a response.</summary>
    internal void End(HttpStatusCode status, TimeSpan took)
    {
        var isFailure = MayPass(status);
        Volatile.Write(ref _failure, isFailure ? status : null);
        Interlocked.Exchange(ref _took, isFailure ? took.Ticks : 0);
        Leave(isFailure);
    }

    /// <summary>Ends an attempt that got no response.</summary>
    internal void End(Exception e)
    {
        Volatile.Write(ref _failure, e as HttpRequestException);
        Leave(isFailure: true);
    }

    /// <summary>Throws that there is too little time for another attempt.</summary>
    /// <remarks>
    /// If others run, it waits until they have failed: a strategy that runs attempts side by side takes the
    /// first exception for the result of all, although an attempt that still runs may succeed.
    /// </remarks>
    /// <exception cref="ContextException">Always, unless <paramref name="token"/> is canceled first.</exception>
    internal async Task<HttpResponseMessage> RefuseAsync(
        HttpRequestMessage request, TimeSpan needed, HttpMeter meter, CancellationToken token)
    {
        if (Volatile.Read(ref _running) > 0)
        {
            var allFailed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            allFailed = Interlocked.CompareExchange(ref _allFailed, allFailed, null) ?? allFailed;

            // The last attempt may have ended between the two reads, before there was a task to complete.
            if (Volatile.Read(ref _running) > 0)
            {
                await allFailed.Task.WaitAsync(token).ConfigureAwait(false);
            }
        }

        throw Refusal(request, needed, meter);
    }

    /// <summary>The exception of an attempt that was refused, with how the last one failed.</summary>
    internal Exception Refusal(HttpRequestMessage request, TimeSpan needed, HttpMeter meter)
    {
        meter.Refused(request.RequestUri, HttpMeter.RetryTooLate);
        return ctx.IsDone
            ? ctx.NewException(Failure)
            : new DeadlineExceededException(
                ctx.Deadline ?? default,
                cause: new InsufficientTimeException(needed, ctx.Remaining),
                transportException: Failure,
                token: ctx.Done);
    }

    /// <summary>
    /// What the transport threw at last: how the last attempt failed, if the context ended while none ran;
    /// else what was thrown.
    /// </summary>
    internal Exception TransportException(Exception thrown) =>
        Volatile.Read(ref _running) == 0 && Failure is { } failure ? failure : thrown;

    private Exception? Failure => Volatile.Read(ref _failure) switch
    {
        HttpStatusCode status => new HttpRequestException(
            $"The response to the last attempt was {(int)status} ({status}).", inner: null, status),
        var failure => (Exception?)failure,
    };

    private void Leave(bool isFailure)
    {
        if (!isFailure)
        {
            Volatile.Write(ref _hasSucceeded, true);
        }

        // After a success the task is not completed: the refusal of another attempt could overtake the
        // response, which is a few instructions away from the handler that waits for the first result.
        if (Interlocked.Decrement(ref _running) == 0 && !Volatile.Read(ref _hasSucceeded))
        {
            Volatile.Read(ref _allFailed)?.TrySetResult();
        }
    }

    /// <summary>The responses that the standard strategies take for a failure that may pass.</summary>
    private static bool MayPass(HttpStatusCode status) =>
        status is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout
            or HttpStatusCode.TooManyRequests;
}
