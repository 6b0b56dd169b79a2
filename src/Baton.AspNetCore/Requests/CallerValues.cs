using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>The values that callers send along, where those are believed.</summary>
internal static class CallerValues
{
    /// <summary>A context with the values of a request's headers, if its caller may send any.</summary>
    internal static Context Read(ContextPropagation? propagation, Context ctx, HttpContext http) =>
        propagation is not null && propagation.AcceptsFrom(http.Connection.RemoteIpAddress)
            ? propagation.Extract(ctx, http.Request.Headers, static (headers, name) => Header(headers, name))
            : ctx;

    private static string? Header(IHeaderDictionary headers, string name)
    {
        var values = headers[name];
        return values.Count switch
        {
            0 => null,
            1 => values[0],
            _ when name == "baggage" => values.ToString(),

            // It is unknown which of several values is meant. A value with a line break is in no header, so the
            // codec drops it and counts it.
            _ => string.Join('\n', values.ToArray()),
        };
    }
}
