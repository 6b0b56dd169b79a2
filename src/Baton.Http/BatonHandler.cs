namespace Baton.Http;

/// <summary>Sends calls with their context: it ends them, and its time and values go along.</summary>
/// <remarks>
/// <para>
/// The context of a call is the one it was given, by <c>client.GetAsync(ctx, …)</c> or
/// <c>request.SetContext(ctx)</c>; else the one its token belongs to, where that can be told; else that of
/// <see cref="BatonHttpOptions.ContextAccessor"/>. A call without any goes out unchanged. Where the context
/// was not given and the call's own token is canceled with it, <see cref="HttpClient"/> throws the
/// <see cref="TaskCanceledException"/> that it always did, with the context's exception inside.
/// </para>
/// <para>
/// Chained by hand, it is the innermost handler. Each send of a request that passes through it is an attempt
/// of one call: see <see cref="BatonHttpOptions.MinRemaining"/>.
/// </para>
/// <para>
/// The inner handler follows redirects. If the options tell some hosts less than others, this handler takes the
/// place of the inner handler's proxy setting, in order to write its headers anew for each host, and passes all
/// questions on to the proxy that was set. For that, the inner handler must not have been used before.
/// </para>
/// <para>Threads: safe to use from any.</para>
/// </remarks>
public sealed class BatonHandler : DelegatingHandler
{
    private readonly Outgoing _outgoing;

    /// <summary>Whether a <see cref="CallHandler"/> stands in front, which sees calls begin and end.</summary>
    private readonly bool _hasCallHandler;

    /// <summary>A handler in front of another.</summary>
    /// <param name="innerHandler">What sends the request.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="innerHandler"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// The options tell some hosts less than others, and <paramref name="innerHandler"/> follows redirects and
    /// has been used.
    /// </exception>
    public BatonHandler(HttpMessageHandler innerHandler, BatonHttpOptions? options = null)
        : base(innerHandler ?? throw new ArgumentNullException(nameof(innerHandler)))
    {
        _outgoing = new Outgoing(options ?? new BatonHttpOptions());
        _ = IsWatched();
    }

    private BatonHandler(Outgoing outgoing, bool hasCallHandler) =>
        (_outgoing, _hasCallHandler) = (outgoing, hasCallHandler);

    /// <summary>A handler at the end of a factory's chain, which is put together afterwards.</summary>
    internal static BatonHandler WithoutInner(Outgoing outgoing, bool hasCallHandler) =>
        new(outgoing, hasCallHandler);

    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_outgoing.ContextOf(request, cancellationToken, out var isGiven) is not { } ctx)
        {
            return base.SendAsync(request, cancellationToken);
        }

        var call = Call.Of(request, ctx);
        return call.IsOfMethod
            ? SendAsync(call, request, cancellationToken)
            : SendLinkedAsync(call, request, isGiven, cancellationToken);
    }

    /// <inheritdoc />
    /// <remarks>
    /// The same for a caller that blocks its thread. The context ends it as the token does.
    /// </remarks>
    protected override HttpResponseMessage Send(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_outgoing.ContextOf(request, cancellationToken, out var isGiven) is not { } ctx)
        {
            return base.Send(request, cancellationToken);
        }

        var call = Call.Of(request, ctx);
        using var both = TokenPair.Of(ctx, cancellationToken);
        try
        {
            return ContextContent.Govern(Send(call, request, both.Token), call);
        }
        catch (OperationCanceledException e) when (
            HttpErrors.ForCaller(e, ctx, isGiven, both, cancellationToken) is { } theirs)
        {
            throw theirs;
        }
    }

    private HttpResponseMessage Send(Call call, HttpRequestMessage request, CancellationToken token)
    {
        if (!call.TryBegin(_outgoing.Least, out var needed))
        {
            ThrowIfFirst(call, request);
            throw call.Refusal(request, needed, _outgoing.Meter);
        }

        var attempt = Begin(call, request);
        var trace = Observe(call, request);
        try
        {
            var response = base.Send(request, token);
            attempt.Erase(request);
            call.End(response.StatusCode, attempt.Took(call.Context));
            EndObserving(call, trace, failure: null);
            return response;
        }
        catch (Exception e)
        {
            attempt.Erase(request);
            call.End(e);
            EndObserving(call, trace, e);
            if (HttpErrors.MayBeEndOf(call.Context, e))
            {
                throw call.Context.NewException(e);
            }

            throw;
        }
    }

    private async Task<HttpResponseMessage> SendLinkedAsync(
        Call call, HttpRequestMessage request, bool isGiven, CancellationToken token)
    {
        using var both = TokenPair.Of(call.Context, token);
        try
        {
            var response = await SendAsync(call, request, both.Token).ConfigureAwait(false);
            return ContextContent.Govern(response, call);
        }
        catch (OperationCanceledException e) when (
            HttpErrors.ForCaller(e, call.Context, isGiven, both, token) is { } theirs)
        {
            throw theirs;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        Call call, HttpRequestMessage request, CancellationToken token)
    {
        if (!call.TryBegin(_outgoing.Least, out var needed))
        {
            ThrowIfFirst(call, request);
            return await call.RefuseAsync(request, needed, _outgoing.Meter, token).ConfigureAwait(false);
        }

        UploadContent.StandIn(request);
        var attempt = Begin(call, request);
        var trace = Observe(call, request);
        try
        {
            var response = await base.SendAsync(request, token).ConfigureAwait(false);
            attempt.Erase(request);
            call.End(response.StatusCode, attempt.Took(call.Context));
            EndObserving(call, trace, failure: null);
            return response;
        }
        catch (Exception e)
        {
            attempt.Erase(request);
            call.End(e);
            EndObserving(call, trace, e);
            if (HttpErrors.MayBeEndOf(call.Context, e))
            {
                throw call.Context.NewException(e);
            }

            throw;
        }
    }

    /// <summary>Begins an attempt. One that cannot be begun has ended: nothing is to wait for it.</summary>
    private Attempt Begin(Call call, HttpRequestMessage request)
    {
        try
        {
            return new Attempt(call, request, _outgoing, IsWatched());
        }
        catch (Exception e)
        {
            call.End(e);
            throw;
        }
    }

    /// <summary>An attempt begins; with it its call, if no handler in front has said so.</summary>
    private AttemptTrace? Observe(Call call, HttpRequestMessage request)
    {
        if (!_hasCallHandler)
        {
            call.Started(request.RequestUri, _outgoing.Meter);
        }

        return AttemptTrace.Started(call.Context);
    }

    /// <summary>An attempt is over; with it its call, if nobody further out sees to that.</summary>
    private void EndObserving(Call call, AttemptTrace? trace, Exception? failure)
    {
        trace?.Ended();
        if (!_hasCallHandler && !call.IsOfMethod)
        {
            call.Ended(failure);
        }
    }

    private void ThrowIfFirst(Call call, HttpRequestMessage request)
    {
        if (!call.HasBegun)
        {
            _outgoing.ThrowIfTooLate(request, call.Context);
        }
    }

    private bool IsWatched() => _outgoing.DependsOnHost && HopProxy.Watches(InnerHandler);
}
