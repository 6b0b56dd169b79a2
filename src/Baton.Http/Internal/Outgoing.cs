namespace Baton.Http;

/// <summary>What one client does with the context of a call. Made from its options, and never changed.</summary>
/// <param name="options">The options as they are now.</param>
/// <param name="services">Where what they leave open comes from, if anywhere.</param>
internal sealed class Outgoing(BatonHttpOptions options, IServiceProvider? services = null)
{
    private readonly string[]? _sendTo = options.SendTo?.ToArray();
    private readonly DeadlineHeader _header = options.Header;
    private readonly TimeSpan _reserve = options.Reserve;
    private readonly BatonPropagation? _propagation =
        options.Propagation ?? (BatonPropagation?)services?.GetService(typeof(BatonPropagation));
    private readonly IContextAccessor? _accessor =
        options.ContextAccessor ?? (IContextAccessor?)services?.GetService(typeof(IContextAccessor));

    private readonly TimeSpan _minBudget = options.MinBudget;

    /// <summary>The least that must be left for an attempt.</summary>
    internal TimeSpan Least => _reserve + _minBudget;

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
    /// Makes a request ready for an attempt: writes the time that is left now, and the values, if the host is to
    /// have them. What the caller has set itself stays.
    /// </summary>
    /// <returns>The names of the headers that were written; null if there are none.</returns>
    /// <exception cref="OperationCanceledException">Too little time is left.</exception>
    internal object? Write(HttpRequestMessage request, Context ctx)
    {
        var budget = Budget(request, ctx);
        request.Content = UploadContent.Of(request.Content);
        object? written = null;
        if (budget is { } time && !request.Headers.Contains(_header.Name) && IsTold(request.RequestUri))
        {
            request.Headers.TryAddWithoutValidation(_header.Name, _header.Format(time));
            written = _header.Name;
        }

        return _propagation is not null && request.RequestUri is { } address && _propagation.SendsTo(address)
            ? WriteValues(request, ctx, written)
            : written;
    }

    /// <summary>Leaves the request as it was: the next attempt has less time, or goes elsewhere.</summary>
    internal static void Erase(HttpRequestMessage request, object? written)
    {
        request.Content = UploadContent.SourceOf(request.Content);
        if (written is string name)
        {
            request.Headers.Remove(name);
        }
        else if (written is List<string> names)
        {
            foreach (var each in names)
            {
                request.Headers.Remove(each);
            }
        }
    }

    /// <summary>What is left for a call that is made now, less the reserve; null without a deadline.</summary>
    /// <exception cref="OperationCanceledException">Too little, or the context is done.</exception>
    internal TimeSpan? Budget(HttpRequestMessage request, Context ctx)
    {
        if (ctx.IsDone)
        {
            HttpMeter.Refused(
                request.RequestUri, ctx.Err is DeadlineExceededException ? HttpMeter.DeadlineExceeded : HttpMeter.Canceled);
            ctx.ThrowIfDone();
        }

        var remaining = ctx.Remaining;
        if (IsEnough(remaining))
        {
            return remaining == Timeout.InfiniteTimeSpan ? null : remaining - _reserve;
        }

        HttpMeter.Refused(request.RequestUri, HttpMeter.BudgetExhausted);
        throw Exhausted(ctx, new BudgetExhaustedException(remaining, Least));
    }

    /// <summary>Whether so much time is worth an attempt.</summary>
    internal bool IsEnough(TimeSpan remaining) =>
        remaining == Timeout.InfiniteTimeSpan
        || (remaining > _reserve && remaining - _reserve >= _minBudget);

    /// <summary>The exception of a context whose deadline has come early, for this call.</summary>
    internal static OperationCanceledException Exhausted(Context ctx, BudgetExhaustedException why)
    {
        using var spent = ctx.WithTimeout(TimeSpan.Zero, why);
        return HttpErrors.Of(spent, thrown: null);
    }

    private bool IsTold(Uri? address) =>
        _sendTo is null || (address is { IsAbsoluteUri: true } && HostPattern.Matches(_sendTo, address));

    private List<string> WriteValues(HttpRequestMessage request, Context ctx, object? written)
    {
        var names = new List<string>();
        if (written is string deadline)
        {
            names.Add(deadline);
        }

        _propagation!.Inject(
            ctx,
            (request, names),
            static (carrier, name, value) =>
            {
                if (!carrier.request.Headers.Contains(name) && carrier.request.Headers.TryAddWithoutValidation(name, value))
                {
                    carrier.names.Add(name);
                }
            });
        return names;
    }
}
