using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Baton.Dashboard;

/// <summary>The responses of the page's endpoints, and the headers that all of them have.</summary>
internal static class Replies
{
    /// <summary>
    /// Nothing of another host, nothing written into the page, no frame around it, no form sent from it.
    /// </summary>
    internal const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    internal static void SetHeaders(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
    }

    internal static Task TextAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        return WriteAsync(http, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes($"{text}\n"));
    }

    /// <summary>The response to an id of no request that is in flight.</summary>
    internal static Task NotFoundAsync(HttpContext http, bool hasEnded) => hasEnded
        ? TextAsync(http, StatusCodes.Status410Gone, "This request has ended.")
        : TextAsync(
            http, StatusCodes.Status404NotFound,
            "No request of this id is known here: ids are those of one process, for as long as somebody looks.");

    internal static Task JsonAsync(HttpContext http, ReadOnlyMemory<byte> json) =>
        WriteAsync(http, "application/json; charset=utf-8", json);

    internal static Task JsonAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return JsonAsync(http, buffer.WrittenMemory);
    }

    internal static async Task WriteAsync(HttpContext http, string type, ReadOnlyMemory<byte> body)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);
    }
}
