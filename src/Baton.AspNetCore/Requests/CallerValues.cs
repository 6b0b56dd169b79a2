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

            // Nobody can say which of several is meant. What no header can hold is dropped, and counted.
            _ => string.Join('\n', values.ToArray()),
        };
    }
}
