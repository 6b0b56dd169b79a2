using Baton;

namespace System.Net.Http;

public static partial class BatonHttpClientExtensions
{
    /// <inheritdoc cref="HttpClient.GetStringAsync(string?)" />
    public static Task<string> GetStringAsync(this HttpClient client, Context ctx, string? requestUri) =>
        client.GetStringAsync(ctx, AddressOf(requestUri));

    /// <inheritdoc cref="HttpClient.GetStringAsync(Uri?)" />
    public static Task<string> GetStringAsync(this HttpClient client, Context ctx, Uri? requestUri) =>
        ReadStringAsync(client, ctx, requestUri);

    /// <inheritdoc cref="HttpClient.GetByteArrayAsync(string?)" />
    public static Task<byte[]> GetByteArrayAsync(this HttpClient client, Context ctx, string? requestUri) =>
        client.GetByteArrayAsync(ctx, AddressOf(requestUri));

    /// <inheritdoc cref="HttpClient.GetByteArrayAsync(Uri?)" />
    public static Task<byte[]> GetByteArrayAsync(this HttpClient client, Context ctx, Uri? requestUri) =>
        ReadBytesAsync(client, ctx, requestUri);

    /// <inheritdoc cref="HttpClient.GetStreamAsync(string?)" />
    public static Task<Stream> GetStreamAsync(this HttpClient client, Context ctx, string? requestUri) =>
        client.GetStreamAsync(ctx, AddressOf(requestUri));

    /// <inheritdoc cref="HttpClient.GetStreamAsync(Uri?)" />
    public static Task<Stream> GetStreamAsync(this HttpClient client, Context ctx, Uri? requestUri) =>
        ReadStreamAsync(client, ctx, requestUri);

    private static async Task<string> ReadStringAsync(HttpClient client, Context ctx, Uri? address)
    {
        using var response = await SucceedAsync(client, ctx, address).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadBytesAsync(HttpClient client, Context ctx, Uri? address)
    {
        using var response = await SucceedAsync(client, ctx, address).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task<Stream> ReadStreamAsync(HttpClient client, Context ctx, Uri? address)
    {
        var response = await client.GetAsync(
            ctx, address, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        try
        {
            EnsureSuccess(response, ctx);
            return await response.Content.ReadAsStreamAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>A response whose body is read, and whose status is one of success.</summary>
    private static async Task<HttpResponseMessage> SucceedAsync(HttpClient client, Context ctx, Uri? address)
    {
        var response = await client.GetAsync(ctx, address).ConfigureAwait(false);
        try
        {
            EnsureSuccess(response, ctx);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Throws unless the status is one of success.</summary>
    private static void EnsureSuccess(HttpResponseMessage response, Context ctx)
    {
        try
        {
            response.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException e) when (response.IsCallerDeadlineExceeded)
        {
            // The service had less time than this context has: what goes out is rounded down, and less the
            // reserve. Do not wait for the rest: on a clock that a test moves it would never pass.
            throw ctx.Err is DeadlineExceededException
                ? ctx.NewException(e)
                : new DeadlineExceededException(
                    ctx.Deadline ?? ctx.TimeProvider.GetUtcNow(), transportException: e, token: ctx.Done);
        }
    }
}
