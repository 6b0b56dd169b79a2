using Baton;

namespace System.Net.Http;

public static partial class BatonHttpClientExtensions
{
    // Two timers for one instant, on either side of a connection.
    private static readonly TimeSpan s_jitter = TimeSpan.FromMilliseconds(10);

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
        var given = ctx.Remaining;
        var response = await client.GetAsync(
            ctx, address, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        try
        {
            await EnsureSuccessAsync(response, ctx, given).ConfigureAwait(false);
            return await response.Content.ReadAsStreamAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>An answer whose body is read, and whose status is one of success.</summary>
    private static async Task<HttpResponseMessage> SucceedAsync(HttpClient client, Context ctx, Uri? address)
    {
        var given = ctx.Remaining;
        var response = await client.GetAsync(ctx, address).ConfigureAwait(false);
        try
        {
            await EnsureSuccessAsync(response, ctx, given).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Throws unless the status is one of success.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="ctx">The context of the call.</param>
    /// <param name="given">What the context had left before it.</param>
    private static async Task EnsureSuccessAsync(HttpResponseMessage response, Context ctx, TimeSpan given)
    {
        try
        {
            response.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException e) when (response.IsOurDeadlineExceeded())
        {
            // There is one deadline. What goes out is rounded down by up to a hundredth, so the service may
            // be the first to see it pass. Who waits for the rest ends along with everything else that has
            // that deadline.
            if (ctx.Deadline is not null && ctx.Remaining <= (given / 100) + s_jitter)
            {
                await Select.Done(ctx).ConfigureAwait(false);
                throw ctx.NewException(e);
            }

            // The service had less time than this context: a handler before it, or the caller, wrote the header.
            throw new DeadlineExceededException(
                deadline: ctx.TimeProvider.GetUtcNow(), transportException: e, token: ctx.Done);
        }
    }
}
