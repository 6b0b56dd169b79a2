using System.Net;

namespace Baton.Grpc.Tests;

/// <summary>Plain requests to a server that speaks HTTP/2 only.</summary>
internal static class Http2
{
    internal static async Task<HttpResponseMessage> GetAsync(
        Uri address, CancellationToken cancellationToken = default,
        params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await client.SendAsync(request, cancellationToken);
    }
}
