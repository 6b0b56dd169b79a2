namespace Baton.Http;

/// <summary>
/// A token that is canceled with a context or with another token. Costs nothing if there is only one of them.
/// </summary>
internal readonly struct TokenPair : IDisposable
{
    private readonly CancellationTokenSource? _linked;

    private TokenPair(CancellationToken token) => Token = token;

    private TokenPair(CancellationTokenSource linked) => (_linked, Token) = (linked, linked.Token);

    internal CancellationToken Token { get; }

    internal static TokenPair Of(Context ctx, CancellationToken token)
    {
        var done = ctx.Done;
        return !token.CanBeCanceled || token == done
            ? new TokenPair(done)
            : !done.CanBeCanceled
                ? new TokenPair(token)
                : new TokenPair(CancellationTokenSource.CreateLinkedTokenSource(done, token));
    }

    public void Dispose() => _linked?.Dispose();
}
