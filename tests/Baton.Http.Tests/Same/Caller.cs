namespace Baton.Http.Tests.Same;

/// <summary>Calls a client, plain or with a context.</summary>
/// <param name="client">The client.</param>
/// <param name="ctx">The context; null for plain calls.</param>
internal sealed class Caller(HttpClient client, Context? ctx)
{
    internal HttpClient Client => client;

    internal Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead) => ctx is null
        ? client.SendAsync(request, completion)
        : client.SendAsync(ctx, request, completion);

    internal Task<HttpResponseMessage> GetAsync(
        Uri address, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead) => ctx is null
        ? client.GetAsync(address, completion)
        : client.GetAsync(ctx, address, completion);

    internal Task<HttpResponseMessage> PostAsync(Uri address, HttpContent content) => ctx is null
        ? client.PostAsync(address, content)
        : client.PostAsync(ctx, address, content);

    internal Task<string> GetStringAsync(Uri address) =>
        ctx is null ? client.GetStringAsync(address) : client.GetStringAsync(ctx, address);

    internal Task<byte[]> GetByteArrayAsync(Uri address) =>
        ctx is null ? client.GetByteArrayAsync(address) : client.GetByteArrayAsync(ctx, address);

    internal Task<Stream> GetStreamAsync(Uri address) =>
        ctx is null ? client.GetStreamAsync(address) : client.GetStreamAsync(ctx, address);

    internal Task<int> GetJsonAsync(Uri address) => ctx is null
        ? System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<int>(client, address)
        : client.GetFromJsonAsync<int>(ctx, address);

    /// <summary>Gives a message its context as a handler or a generated client does, and blocks the thread.</summary>
    internal HttpResponseMessage Send(HttpRequestMessage request)
    {
        if (ctx is not null)
        {
            request.SetContext(ctx);
        }

        return client.Send(request);
    }

    /// <summary>Gives a message its context as a handler or a generated client does.</summary>
    internal Task<HttpResponseMessage> SendMessageAsync(HttpRequestMessage request, HttpCompletionOption completion)
    {
        if (ctx is not null)
        {
            request.SetContext(ctx);
        }

        return client.SendAsync(request, completion);
    }
}
