namespace Baton.Http;

/// <summary>
/// What was done to a request for one attempt. The next one has less time, or goes elsewhere.
/// </summary>
/// <remarks>One field: each call in progress holds it.</remarks>
internal readonly struct Written
{
    /// <summary>
    /// The name of the header with the time that is left, or all <see cref="WrittenValues"/>; null if there
    /// is none.
    /// </summary>
    private readonly object? _headers;

    internal Written(string? deadline) => _headers = deadline;

    internal Written(WrittenValues values) => _headers = values;

    /// <summary>Leaves the request as it was. Called again, it changes nothing.</summary>
    internal void Erase(HttpRequestMessage request)
    {
        request.Content = UploadContent.SourceOf(request.Content);
        if (_headers is string deadline)
        {
            request.Headers.Remove(deadline);
        }
        else
        {
            (_headers as WrittenValues)?.Erase(request);
        }
    }
}
