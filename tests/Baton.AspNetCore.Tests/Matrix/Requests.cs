namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>What the rows' clients send, and what their handlers do with it.</summary>
internal static class Requests
{
    internal const string Get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    internal const string Post = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n";
    internal const string ExpectingPost =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n";
    internal const string Body = "0123456789";
    internal const string HalfBody = "01234";
    internal const string ChunkedPost =
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
        + "chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n";
    internal const string Upgrade =
        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n";

    internal static Task ReadAsync(HttpContext http, int count) =>
        http.Request.Body.ReadExactlyAsync(new byte[count], CancellationToken.None).AsTask();

    internal static Task ReadToEndAsync(HttpContext http) =>
        http.Request.Body.CopyToAsync(Stream.Null, CancellationToken.None);

    /// <summary>Sends the first part of a response, and sees it go out.</summary>
    internal static async Task AnswerHalfAsync(HttpContext http)
    {
        await http.Response.WriteAsync("half", CancellationToken.None);
        await http.Response.Body.FlushAsync(CancellationToken.None);
    }
}
