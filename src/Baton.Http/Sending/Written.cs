namespace Baton.Http;

/// <summary>
/// The headers that were written to a request for one send. The next send has less time, or goes to another
/// host.
/// </summary>
/// <param name="deadline">The name of the header with the time that is left; null if there is none.</param>
/// <param name="values">The headers with values; null if there are none.</param>
internal readonly struct Written(string? deadline, WrittenValues? values)
{
    /// <summary>Leaves the request as it was. Called again, it changes nothing.</summary>
    internal void Erase(HttpRequestMessage request)
    {
        if (deadline is not null)
        {
            request.Headers.Remove(deadline);
        }

        values?.Erase(request);
    }
}
