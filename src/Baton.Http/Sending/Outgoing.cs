namespace Baton.Http;

/// <summary>
/// What one client does with the context of a call. Made from its options, and never changed.
/// </summary>
/// <param name="options">The options as they are now.</param>
/// <param name="services">Where what they leave open comes from, if anywhere.</param>
internal sealed class Outgoing(BatonHttpOptions options, IServiceProvider? services = null)
{
    private readonly HostList? _hosts = options.Hosts;
    private readonly DeadlineHeader _header = options.Header;
    private readonly TimeSpan _reserve = options.Reserve;
    private readonly ContextPropagation? _propagation =
        options.Propagation ?? (ContextPropagation?)services?.GetService(typeof(ContextPropagation));
    private readonly IContextAccessor? _accessor =
        options.ContextAccessor ?? (IContextAccessor?)services?.GetService(typeof(IContextAccessor));

    /// <summary>Whether values go along, to some hosts.</summary>
    internal bool HasValues => _propagation is not null;

    /// <summary>
    /// The least that must remain for an attempt. More than the reserve: the service is sent some time.
    /// </summary>
    internal TimeSpan Least { get; } = Sum(
        options.Reserve, options.MinRemaining > TimeSpan.Zero ? options.MinRemaining : TimeSpan.FromTicks(1));

    /// <summary>The context of a call; null if it has none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="token">The call's token.</param>
    /// <param name="isGiven">Whether the call was given the context; else it was found.</param>
    internal Context? ContextOf(HttpRequestMessage request, CancellationToken token, out bool isGiven)
    {
        isGiven = true;
        if (request is ContextRequest own)
        {
            return own.Context;
        }

        isGiven = request.TryGetContext(out var ctx);
        return isGiven || Context.TryFromToken(token, out ctx) ? ctx : _accessor?.Current;
    }

    /// <summary>
    /// Makes a request ready for an attempt: writes the time that is left now, and the values, if the host is
    /// to have them. What the caller has set itself stays.
    /// </summary>
    /// <returns>What is to be taken off again, by <see cref="Written.Erase"/>.</returns>
    /// <exception cref="ContextException">Too little time remains.</exception>
    internal Written Write(HttpRequestMessage request, Context ctx)
    {
        var remaining = Remaining(request, ctx);
        request.Content = UploadContent.Of(request.Content);
        var values = _propagation is not null && request.RequestUri is { } address
            && _propagation.SendsTo(address)
            ? new WrittenValues()
            : null;
        values?.Write(_propagation!, ctx, request);
        var deadline = remaining is { } time && !request.Headers.Contains(_header.Name)
            && IsTold(request.RequestUri)
            && request.Headers.TryAddWithoutValidation(_header.Name, _header.Format(time))
            ? _header.Name
            : null;
        if (values is null)
        {
            return new Written(deadline);
        }

        if (deadline is not null)
        {
            values.Note(deadline);
        }

        return new Written(values);
    }

    /// <summary>
    /// What remains for a call that is made now, less the reserve; null without a deadline.
    /// </summary>
    /// <exception cref="ContextException">Too little remains, or the context is done.</exception>
    internal TimeSpan? Remaining(HttpRequestMessage request, Context ctx)
    {
        if (ctx.IsDone)
        {
            HttpMeter.Refused(
                request.RequestUri,
                ctx.Err is DeadlineExceededException ? HttpMeter.DeadlineExceeded : HttpMeter.Canceled);
            ctx.ThrowIfDone();
        }

        var remaining = ctx.Remaining;
        if (IsEnough(remaining))
        {
            return remaining == Timeout.InfiniteTimeSpan ? null : remaining - _reserve;
        }

        HttpMeter.Refused(request.RequestUri, HttpMeter.InsufficientTime);
        throw Insufficient(ctx, Least);
    }

    /// <summary>Whether so much time is worth an attempt.</summary>
    internal bool IsEnough(TimeSpan remaining) =>
        remaining == Timeout.InfiniteTimeSpan || remaining >= Least;

    /// <summary>The sum of two times that are zero or more: at most the longest one there is.</summary>
    internal static TimeSpan Sum(TimeSpan one, TimeSpan other) =>
        one > TimeSpan.MaxValue - other ? TimeSpan.MaxValue : one + other;

    /// <summary>The exception of a call that needs more time than its context has.</summary>
    internal static Exception Insufficient(Context ctx, TimeSpan needed)
    {
        ctx.ThrowIfRemainingLessThan(needed);
        return new InvalidOperationException("A call was refused although enough time remains.");
    }

    private bool IsTold(Uri? address) => _hosts is null || (address is not null && _hosts.Contains(address));
}
