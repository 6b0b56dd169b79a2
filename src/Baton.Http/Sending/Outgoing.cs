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

    /// <summary>What measures the calls.</summary>
    internal HttpMeter Meter { get; } = HttpMeter.Of(services);

    /// <summary>
    /// Whether some hosts are told less than others. A request must then not be redirected with what another
    /// host was told.
    /// </summary>
    internal bool DependsOnHost => _hosts is not null || _propagation is not null;

    /// <summary>
    /// The least that must remain for an attempt. More than the reserve, so that the service is sent some
    /// time.
    /// </summary>
    internal TimeSpan Least { get; } = Sum(
        options.Reserve, options.MinRemaining > TimeSpan.Zero ? options.MinRemaining : TimeSpan.FromTicks(1));

    /// <summary>The context of a call; null if it has none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="token">The call's token.</param>
    /// <param name="isGiven">Whether the call was given the context; else it was found.</param>
    internal Context? ContextOf(HttpRequestMessage request, CancellationToken token, out bool isGiven)
    {
        isGiven = request.TryGetContext(out var ctx);
        return isGiven || Context.TryFromToken(token, out ctx) ? ctx : _accessor?.Current;
    }

    /// <summary>Writes what one host is told: the time that is left now, and the values.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ctx">The context of the call.</param>
    /// <param name="host">The address by which the host is judged.</param>
    internal Written Write(HttpRequestMessage request, Context ctx, Uri? host)
    {
        var written = new Written();
        if (host is not null && _propagation is not null && _propagation.SendsTo(host))
        {
            _propagation.Inject(
                ctx, (Written: written, Request: request), static (carrier, name, value) =>
                    carrier.Written.Add(carrier.Request, name, value));
        }

        if (_hosts is null || (host is not null && _hosts.Contains(host)))
        {
            written.Add(WriteTime(request, ctx));
        }

        return written;
    }

    /// <summary>Writes the time that is left now. A header that the caller has set itself stays.</summary>
    /// <returns>The name of the header; null if none was written.</returns>
    internal string? WriteTime(HttpRequestMessage request, Context ctx) =>
        ctx.Remaining is var remaining && remaining != Timeout.InfiniteTimeSpan
        && !request.Headers.Contains(_header.Name)
        && request.Headers.TryAddWithoutValidation(_header.Name, _header.Format(Sendable(remaining)))
            ? _header.Name
            : null;

    /// <summary>Refuses a call whose context is done, or has too little time left.</summary>
    /// <exception cref="ContextException">The call is refused.</exception>
    internal void ThrowIfTooLate(HttpRequestMessage request, Context ctx)
    {
        if (ctx.IsDone)
        {
            Meter.Refused(
                request.RequestUri,
                ctx.Err is DeadlineExceededException ? HttpMeter.DeadlineExceeded : HttpMeter.Canceled);
            ctx.ThrowIfDone();
        }

        if (ctx.Remaining is var remaining && remaining != Timeout.InfiniteTimeSpan && remaining < Least)
        {
            Meter.Refused(request.RequestUri, HttpMeter.InsufficientTime);
            ctx.ThrowIfRemainingLessThan(Least);
        }
    }

    /// <summary>What a service is told when so much remains. A redirect may come with less than the reserve.</summary>
    private TimeSpan Sendable(TimeSpan remaining) =>
        remaining > _reserve ? remaining - _reserve : TimeSpan.Zero;

    /// <summary>The sum of two times that are zero or more: at most the longest one there is.</summary>
    private static TimeSpan Sum(TimeSpan one, TimeSpan other) =>
        one > TimeSpan.MaxValue - other ? TimeSpan.MaxValue : one + other;
}
