namespace Baton.Http.Tests.Observing;

/// <summary>Stands in for a network that reacts to the end of a call when a test lets it.</summary>
internal sealed class Stubborn : HttpMessageHandler
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A request has come.</summary>
    internal Task Arrived => _arrived.Task;

    /// <summary>Its token is canceled.</summary>
    internal Task Told => _told.Task;

    /// <summary>What it responds with in the end, although its token is canceled. Null: it says canceled.</summary>
    internal HttpResponseMessage? Response { get; init; }

    internal void Release() => _released.SetResult();

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var told = cancellationToken.UnsafeRegister(static told => ((TaskCompletionSource)told!).SetResult(), _told);
        _arrived.SetResult();
        await _released.Task;
        return Response ?? throw new OperationCanceledException(cancellationToken);
    }
}
