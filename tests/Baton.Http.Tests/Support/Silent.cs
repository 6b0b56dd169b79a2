namespace Baton.Http.Tests;

/// <summary>Stands in for a network that never answers.</summary>
internal sealed class Silent : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        throw new InvalidOperationException("That is long.");
    }
}
