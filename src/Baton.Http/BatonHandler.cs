namespace Baton.Http;

/// <summary>Sends calls with their context: it ends them, and its time and values go along.</summary>
/// <remarks>
/// <para>
/// The context of a call is the one it was given, by <c>client.GetAsync(ctx, …)</c> or
/// <c>request.SetContext(ctx)</c>; else the one its token belongs to, where that can be told; else that of
/// <see cref="BatonHttpOptions.ContextAccessor"/>. A call without any goes out as it is. Where the context
/// was not given and the call's own token is canceled with it, <see cref="HttpClient"/> throws the
/// <see cref="TaskCanceledException"/> that it always did, with the context's exception inside.
/// </para>
/// <para>
/// Redirects are followed here, by the rules of the handler at the end of the chain, which then follows none
/// itself: each carries the time that is left by then, and only to hosts that are to have it. That handler
/// belongs to this client: do not share it with clients that have no <see cref="BatonHandler"/>.
/// </para>
/// <para>Threads: safe to use from any.</para>
/// </remarks>
public sealed class BatonHandler : DelegatingHandler
{
    private readonly Outgoing _outgoing;
    private readonly Redirects? _redirects;

    /// <summary>A handler in front of another.</summary>
    /// <param name="innerHandler">What sends the request; not used yet, if it follows redirects.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="innerHandler"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// <paramref name="innerHandler"/> follows redirects and has been used.
    /// </exception>
    public BatonHandler(HttpMessageHandler innerHandler, BatonHttpOptions? options = null)
        : base(innerHandler ?? throw new ArgumentNullException(nameof(innerHandler)))
    {
        _outgoing = new Outgoing(options ?? new BatonHttpOptions());
        _redirects = TakeOver(innerHandler);
    }

    /// <summary>A handler at the end of a factory's chain, which is put together afterwards.</summary>
    internal BatonHandler(Outgoing outgoing, HttpMessageHandler primary)
    {
        _outgoing = outgoing;
        _redirects = TakeOver(primary);
    }

    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_outgoing.ContextOf(request, cancellationToken, out var isGiven) is not { } ctx)
        {
            return _redirects is null
                ? base.SendAsync(request, cancellationToken)
                : FollowAsync(request, cancellationToken);
        }

        if (request is not ContextRequest own)
        {
            return SendLinkedAsync(ctx, request, isGiven, cancellationToken);
        }

        // The token of a request of our own is canceled with the context already.
        own.Take();
        return SendAsync(ctx, own, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendLinkedAsync(
        Context ctx, HttpRequestMessage request, bool isGiven, CancellationToken token)
    {
        using var both = TokenPair.Of(ctx, token);
        try
        {
            return await SendAsync(ctx, request, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!isGiven && HttpErrors.IsOf(ctx, e))
        {
            throw HttpErrors.OfFound(ctx, e);
        }
    }

    /// <summary>
    /// The whole of a call, in one method: each asynchronous one costs every call an object, and that one
    /// what is still needed after an await: hence one kind of await, and no answer that outlives it.
    /// </summary>
    private async Task<HttpResponseMessage> SendAsync(
        Context ctx, HttpRequestMessage request, CancellationToken token)
    {
        var written = default(Written);
        try
        {
            for (var followed = 0; ; followed++)
            {
                written = _outgoing.Write(request, ctx);
                var response = await base.SendAsync(request, token).ConfigureAwait(false);
                written.Erase(request);
                if (IsFollowed(request, response, followed))
                {
                    continue;
                }

                var bufferLimit = request is ContextRequest own
                    ? own.BufferLimit
                    : ContextRequest.NotBuffered;
                return ContextContent.GovernAsync(response, ctx, bufferLimit, token) is { } reading
                    ? await reading.ConfigureAwait(false)
                    : response;
            }
        }
        catch (Exception e)
        {
            written.Erase(request);
            throw HttpErrors.MayBeEndOf(ctx, e) ? ctx.NewException(e) : HttpErrors.Same(e);
        }
    }

    /// <inheritdoc />
    /// <remarks>
    /// The same for a caller that blocks its thread. The context ends it as the token does.
    /// </remarks>
    protected override HttpResponseMessage Send(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var ctx = _outgoing.ContextOf(request, cancellationToken, out _);
        using var both = TokenPair.Of(ctx ?? Context.Background, cancellationToken);
        var written = default(Written);
        try
        {
            for (var followed = 0; ; followed++)
            {
                written = ctx is null ? default : _outgoing.Write(request, ctx);
                var response = base.Send(request, both.Token);
                written.Erase(request);
                if (!IsFollowed(request, response, followed))
                {
                    return ctx is null ? response : ContextContent.Govern(response, ctx);
                }
            }
        }
        catch (Exception e) when (ctx is not null && HttpErrors.MayBeEndOf(ctx, e))
        {
            throw ctx.NewException(e);
        }
        finally
        {
            written.Erase(request);
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(HttpRequestMessage request, CancellationToken token)
    {
        for (var followed = 0; ; followed++)
        {
            var response = await base.SendAsync(request, token).ConfigureAwait(false);
            if (!IsFollowed(request, response, followed))
            {
                return response;
            }
        }
    }

    /// <summary>
    /// Whether the request is made ready for another address; the answer that said so is disposed.
    /// </summary>
    private bool IsFollowed(HttpRequestMessage request, HttpResponseMessage response, int followed)
    {
        var isLast = false;
        try
        {
            isLast = _redirects is null || !_redirects.TryFollow(request, response, followed);
            return !isLast;
        }
        finally
        {
            if (!isLast)
            {
                response.Dispose();
            }
        }
    }

    private Redirects? TakeOver(HttpMessageHandler handler)
    {
        var redirects = Redirects.TakeOver(handler);
        if (_outgoing.HasValues)
        {
            BaggageHeader.Protect(handler);
        }

        return redirects;
    }
}
