namespace Baton.Http;

/// <summary>What was done to a request for one attempt. The next one has less time, or goes elsewhere.</summary>
/// <param name="deadline">The name of the header with the time that is left; null if none was written.</param>
/// <param name="values">The headers with values; null if there are none.</param>
internal readonly struct Written(string? deadline, WrittenValues? values)
{
    /// <summary>Leaves the request as it was. Called again, it changes nothing.</summary>
    internal void Erase(HttpRequestMessage request)
    {
        request.Content = UploadContent.SourceOf(request.Content);
        if (deadline is not null)
        {
            request.Headers.Remove(deadline);
        }

        values?.Erase(request);
    }
}
