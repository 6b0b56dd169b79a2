namespace Baton.Http;

/// <summary>
/// Stands before a client's other handlers, which may make several attempts of a call: sees the call as the
/// application made it, and lets its context end the waits between attempts.
/// </summary>
internal sealed class CallHandler(Outgoing outgoing) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (outgoing.ContextOf(request, cancellationToken, out var isGiven) is not { } ctx)
        {
            return base.SendAsync(request, cancellationToken);
        }

        var call = Prepare(request, ctx, isGiven, cancellationToken);
        if (!call.IsOfMethod)
        {
            return SendAsync(call, request, isGiven, cancellationToken);
        }

        call.Started(request.RequestUri, outgoing.Meter);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (outgoing.ContextOf(request, cancellationToken, out var isGiven) is not { } ctx)
        {
            return base.Send(request, cancellationToken);
        }

        var call = Prepare(request, ctx, isGiven, cancellationToken);
        using var both = TokenPair.Of(ctx, cancellationToken);
        call.Started(request.RequestUri, outgoing.Meter);
        try
        {
            var response = base.Send(request, both.Token);
            call.Ended(failure: null);
            return ContextContent.Govern(response, call);
        }
        catch (Exception e)
        {
            call.Ended(e);
            if (ForCaller(call, e, isGiven, both, cancellationToken) is { } theirs)
            {
                throw theirs;
            }

            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        Call call, HttpRequestMessage request, bool isGiven, CancellationToken token)
    {
        using var both = TokenPair.Of(call.Context, token);
        call.Started(request.RequestUri, outgoing.Meter);
        try
        {
            var response = await base.SendAsync(request, both.Token).ConfigureAwait(false);
            call.Ended(failure: null);
            return ContextContent.Govern(response, call);
        }
        catch (Exception e)
        {
            call.Ended(e);
            if (ForCaller(call, e, isGiven, both, token) is { } theirs)
            {
                throw theirs;
            }

            throw;
        }
    }

    /// <summary>What the caller gets instead of what was thrown; null: the same.</summary>
    private static OperationCanceledException? ForCaller(
        Call call, Exception thrown, bool isGiven, in TokenPair both, CancellationToken own)
    {
        var end = HttpErrors.MayBeEndOf(call.Context, thrown)
            ? call.Context.NewException(call.TransportException(thrown))
            : null;
        return (end ?? thrown) is OperationCanceledException e
            ? HttpErrors.ForCaller(e, call.Context, isGiven, both, own) ?? end
            : null;
    }

    private Call Prepare(HttpRequestMessage request, Context ctx, bool isGiven, CancellationToken own)
    {
        try
        {
            outgoing.ThrowIfTooLate(request, ctx);
        }
        catch (OperationCanceledException e) when (HttpErrors.ForCaller(e, ctx, isGiven, own) is { } theirs)
        {
            throw theirs;
        }

        // For the handler at the end of the chain, also if one in between sends a copy of the request.
        request.SetContext(ctx);
        var call = Call.Of(request, ctx);
        call.ShareWithCopies(request);
        if (outgoing.DependsOnHost)
        {
            Hop.Name(request);
        }

        return call;
    }
}
