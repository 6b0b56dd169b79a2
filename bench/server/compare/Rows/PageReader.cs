namespace Baton.ServerBench;

/// <summary>A browser with the page of requests open, which reads every update.</summary>
internal sealed class PageReader : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Opens the page, so that requests are watched when this returns.</summary>
    internal static async Task<PageReader> OpenAsync(ServerProcess server)
    {
        var reader = new PageReader();
        var events = await reader._client.GetAsync(
            server.Address(Protocol.Http1, "/baton/events"), HttpCompletionOption.ResponseHeadersRead);
        events.EnsureSuccessStatusCode();
        _ = ReadAsync(await events.Content.ReadAsStreamAsync());
        return reader;
    }

    public void Dispose() => _client.Dispose();

    private static async Task ReadAsync(Stream events)
    {
        try
        {
            await events.CopyToAsync(Stream.Null);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or HttpRequestException or ObjectDisposedException)
        {
            // The page was closed, or the server has ended.
        }
    }
}
