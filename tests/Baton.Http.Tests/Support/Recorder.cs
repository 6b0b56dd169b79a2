using System.Net;

namespace Baton.Http.Tests;

/// <summary>Stands in for the network: keeps what each request looked like, and answers.</summary>
/// <param name="answer">The answer to the request of that number, from zero. Null: 200 to all.</param>
internal sealed class Recorder(Func<int, HttpRequestMessage, HttpResponseMessage>? answer = null)
    : HttpMessageHandler
{
    internal List<Uri> Addresses { get; } = [];

    internal List<string?> Timeouts { get; } = [];

    internal List<Dictionary<string, string>> Headers { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Addresses.Add(request.RequestUri!);
        var headers = request.Headers.ToDictionary(
            header => header.Key, header => string.Join(",", header.Value));
        Headers.Add(headers);
        Timeouts.Add(headers.GetValueOrDefault("grpc-timeout"));
        var response = answer?.Invoke(Addresses.Count - 1, request)
            ?? new HttpResponseMessage(HttpStatusCode.OK);
        response.RequestMessage = request;
        return Task.FromResult(response);
    }
}
