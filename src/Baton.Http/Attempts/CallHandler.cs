namespace Baton.Http;

/// <summary>
/// Begins a call, outside of the handlers that may make several attempts of it, and says how it ended.
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

        // A body that breaks off is not an attempt that failed: it is read here.
        var bufferLimit = request is ContextRequest own ? own.TakeForAttempts() : ContextRequest.NotBuffered;
        var sending = SendAsync(ctx, request, bufferLimit, cancellationToken);
        return isGiven ? sending : FoundAsync(sending, ctx);
    }

    private static async Task<HttpResponseMessage> FoundAsync(Task<HttpResponseMessage> sending, Context ctx)
    {
        try
        {
            return await sending.ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (HttpErrors.IsOf(ctx, e))
        {
            throw HttpErrors.OfFound(ctx, e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        Context ctx, HttpRequestMessage request, int bufferLimit, CancellationToken token)
    {
        outgoing.Remaining(request, ctx);
        using var call = new Call(ctx, outgoing, token);
        request.SetContext(ctx);
        request.Options.Set(Call.Key, call);
        try
        {
            var response = call.Returned(await AttemptsAsync(call, request).ConfigureAwait(false));
            return ContextContent.GovernAsync(response, ctx, bufferLimit, token) is { } reading
                ? await reading.ConfigureAwait(false)
                : response;
        }
        catch (Exception e) when (!call.IsFailure(e))
        {
            throw HttpErrors.MayBeEndOf(ctx, e) ? ctx.NewException(e) : HttpErrors.Same(e);
        }
    }

    private async Task<HttpResponseMessage> AttemptsAsync(Call call, HttpRequestMessage request)
    {
        try
        {
            return await base.SendAsync(request, call.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (call.EndedBetweenAttempts(e))
        {
            return call.LastFailure(request, e);
        }
    }
}
