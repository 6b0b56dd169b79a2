using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>What the headers of a response say about how one can see that its body is whole.</summary>
internal enum ResponseKind
{
    /// <summary>The body does not show whether it is whole, or the server checks its length.</summary>
    Other,

    /// <summary>JSON without a length: whole when all brackets are closed.</summary>
    Json,

    /// <summary>JSON that was compressed inside of <c>UseBaton()</c>, so its brackets cannot be seen.</summary>
    EncodedJson,
}

internal static class ResponseKinds
{
    internal static ResponseKind Of(HttpResponse response)
    {
        var headers = response.Headers;
        return headers.ContentType is not [{ } type] || !IsJson(type) || headers.ContentLength is not null
            ? ResponseKind.Other
            : headers.ContentEncoding.Count > 0 ? ResponseKind.EncodedJson : ResponseKind.Json;
    }

    private static bool IsJson(string type)
    {
        var end = type.IndexOf(';');
        var media = (end < 0 ? type : type.AsSpan(0, end)).TrimEnd();
        return (media.EndsWith("/json", StringComparison.OrdinalIgnoreCase)
                || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
            && (end < 0
                || !type.Contains("charset", StringComparison.OrdinalIgnoreCase)
                || type.Contains("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
