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

        var call = Prepare(request, ctx);
        if (!call.IsOfMethod)
        {
            return SendAsync(call, request, isGiven, cancellationToken);
        }

        call.Started(request.RequestUri, outgoing.Meter);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (outgoing.ContextOf(request, cancellationToken, out _) is not { } ctx)
        {
            return base.Send(request, cancellationToken);
        }

        var call = Prepare(request, ctx);
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
            if (HttpErrors.MayBeEndOf(ctx, e))
            {
                throw ctx.NewException(call.TransportException(e));
            }

            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        Call call, HttpRequestMessage request, bool isGiven, CancellationToken token)
    {
        var ctx = call.Context;
        using var both = TokenPair.Of(ctx, token);
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
            if (HttpErrors.MayBeEndOf(ctx, e))
            {
                var end = ctx.NewException(call.TransportException(e));
                throw isGiven ? end : HttpErrors.OfFound(ctx, end);
            }

            if (!isGiven && e is OperationCanceledException canceled && HttpErrors.IsOf(ctx, canceled))
            {
                throw HttpErrors.OfFound(ctx, canceled);
            }

            throw;
        }
    }

    private Call Prepare(HttpRequestMessage request, Context ctx)
    {
        outgoing.ThrowIfTooLate(request, ctx);

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
