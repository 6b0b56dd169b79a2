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

        return Prepare(request, ctx).IsOfMethod
            ? base.SendAsync(request, cancellationToken)
            : SendAsync(ctx, request, isGiven, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (outgoing.ContextOf(request, cancellationToken, out _) is not { } ctx)
        {
            return base.Send(request, cancellationToken);
        }

        var call = Prepare(request, ctx);
        using var both = TokenPair.Of(ctx, cancellationToken);
        try
        {
            return ContextContent.Govern(base.Send(request, both.Token), ctx);
        }
        catch (Exception e) when (HttpErrors.MayBeEndOf(ctx, e))
        {
            throw ctx.NewException(call.TransportException(e));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        Context ctx, HttpRequestMessage request, bool isGiven, CancellationToken token)
    {
        using var both = TokenPair.Of(ctx, token);
        try
        {
            return ContextContent.Govern(await base.SendAsync(request, both.Token).ConfigureAwait(false), ctx);
        }
        catch (Exception e) when (HttpErrors.MayBeEndOf(ctx, e))
        {
            var end = ctx.NewException(Call.Of(request, ctx).TransportException(e));
            throw isGiven ? end : HttpErrors.OfFound(ctx, end);
        }
        catch (OperationCanceledException e) when (!isGiven && HttpErrors.IsOf(ctx, e))
        {
            throw HttpErrors.OfFound(ctx, e);
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
