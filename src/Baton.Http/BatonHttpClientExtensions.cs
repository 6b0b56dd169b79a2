using Baton;
using Baton.Http;

namespace System.Net.Http;

/// <summary>The calls of <see cref="HttpClient"/> with a context first.</summary>
/// <remarks>
/// <para>
/// Each does what the method of the same name does, for as long as its context is live; then it throws the
/// context's own exception: <see cref="ContextCanceledException"/> or
/// <see cref="DeadlineExceededException"/>, with the cause inside. Both are
/// <see cref="OperationCanceledException"/>s. The client's own timeout and failures of the network show as
/// they do without a context.
/// </para>
/// <para>
/// The time that is left and the values go along if the client has a <see cref="BatonHandler"/>:
/// <c>AddBatonHandler()</c> on its builder, or <c>new HttpClient(new BatonHandler(…))</c>.
/// </para>
/// </remarks>
public static partial class BatonHttpClientExtensions
{
    /// <inheritdoc cref="HttpClient.SendAsync(HttpRequestMessage)" />
    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient client, Context ctx, HttpRequestMessage request) =>
        client.SendAsync(ctx, request, HttpCompletionOption.ResponseContentRead);

    /// <inheritdoc cref="HttpClient.SendAsync(HttpRequestMessage, HttpCompletionOption)" />
    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient client, Context ctx, HttpRequestMessage request,
        HttpCompletionOption completionOption)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(request);
        request.SetContext(ctx);
        var call = new Call(ctx, isOfMethod: true);
        call.ShareWithCopies(request);
        return EndAsync(client.SendAsync(request, completionOption, ctx.Done), call, completionOption);
    }

    /// <inheritdoc cref="HttpClient.GetAsync(string?)" />
    public static Task<HttpResponseMessage> GetAsync(
        this HttpClient client, Context ctx, string? requestUri) =>
        SendNewAsync(client, ctx, HttpMethod.Get, AddressOf(requestUri));

    /// <inheritdoc cref="HttpClient.GetAsync(Uri?)" />
    public static Task<HttpResponseMessage> GetAsync(this HttpClient client, Context ctx, Uri? requestUri) =>
        SendNewAsync(client, ctx, HttpMethod.Get, requestUri);

    /// <inheritdoc cref="HttpClient.GetAsync(string?, HttpCompletionOption)" />
    public static Task<HttpResponseMessage> GetAsync(
        this HttpClient client, Context ctx, string? requestUri, HttpCompletionOption completionOption) =>
        SendNewAsync(client, ctx, HttpMethod.Get, AddressOf(requestUri), content: null, completionOption);

    /// <inheritdoc cref="HttpClient.GetAsync(Uri?, HttpCompletionOption)" />
    public static Task<HttpResponseMessage> GetAsync(
        this HttpClient client, Context ctx, Uri? requestUri, HttpCompletionOption completionOption) =>
        SendNewAsync(client, ctx, HttpMethod.Get, requestUri, content: null, completionOption);

    /// <inheritdoc cref="HttpClient.PostAsync(string?, HttpContent?)" />
    public static Task<HttpResponseMessage> PostAsync(
        this HttpClient client, Context ctx, string? requestUri, HttpContent? content) =>
        SendNewAsync(client, ctx, HttpMethod.Post, AddressOf(requestUri), content);

    /// <inheritdoc cref="HttpClient.PostAsync(Uri?, HttpContent?)" />
    public static Task<HttpResponseMessage> PostAsync(
        this HttpClient client, Context ctx, Uri? requestUri, HttpContent? content) =>
        SendNewAsync(client, ctx, HttpMethod.Post, requestUri, content);

    /// <inheritdoc cref="HttpClient.PutAsync(string?, HttpContent?)" />
    public static Task<HttpResponseMessage> PutAsync(
        this HttpClient client, Context ctx, string? requestUri, HttpContent? content) =>
        SendNewAsync(client, ctx, HttpMethod.Put, AddressOf(requestUri), content);

    /// <inheritdoc cref="HttpClient.PutAsync(Uri?, HttpContent?)" />
    public static Task<HttpResponseMessage> PutAsync(
        this HttpClient client, Context ctx, Uri? requestUri, HttpContent? content) =>
        SendNewAsync(client, ctx, HttpMethod.Put, requestUri, content);

    /// <inheritdoc cref="HttpClient.PatchAsync(string?, HttpContent?)" />
    public static Task<HttpResponseMessage> PatchAsync(
        this HttpClient client, Context ctx, string? requestUri, HttpContent? content) =>
        SendNewAsync(client, ctx, HttpMethod.Patch, AddressOf(requestUri), content);

    /// <inheritdoc cref="HttpClient.PatchAsync(Uri?, HttpContent?)" />
    public static Task<HttpResponseMessage> PatchAsync(
        this HttpClient client, Context ctx, Uri? requestUri, HttpContent? content) =>
        SendNewAsync(client, ctx, HttpMethod.Patch, requestUri, content);

    /// <inheritdoc cref="HttpClient.DeleteAsync(string?)" />
    public static Task<HttpResponseMessage> DeleteAsync(
        this HttpClient client, Context ctx, string? requestUri) =>
        SendNewAsync(client, ctx, HttpMethod.Delete, AddressOf(requestUri));

    /// <inheritdoc cref="HttpClient.DeleteAsync(Uri?)" />
    public static Task<HttpResponseMessage> DeleteAsync(
        this HttpClient client, Context ctx, Uri? requestUri) =>
        SendNewAsync(client, ctx, HttpMethod.Delete, requestUri);

    private static Uri? AddressOf(string? address) =>
        string.IsNullOrEmpty(address) ? null : new Uri(address, UriKind.RelativeOrAbsolute);

    private static Task<HttpResponseMessage> SendNewAsync(
        HttpClient client,
        Context ctx,
        HttpMethod method,
        Uri? address,
        HttpContent? content = null,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(ctx);
        var request = new ContextRequest(method, address, ctx)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
            Content = content,
        };
        return EndAsync(client.SendAsync(request, completion, ctx.Done), request.Call, completion);
    }

    /// <summary>Lets the context say how a call ends, whatever a handler or the client threw for it.</summary>
    private static async Task<HttpResponseMessage> EndAsync(
        Task<HttpResponseMessage> sending, Call call, HttpCompletionOption completion)
    {
        try
        {
            var response = await sending.ConfigureAwait(false);
            call.Ended(failure: null);
            return completion == HttpCompletionOption.ResponseHeadersRead
                ? ContextContent.Govern(response, call)
                : response;
        }
        catch (Exception e)
        {
            call.Ended(e);
            if (HttpErrors.MayBeEndOf(call.Context, e))
            {
                throw call.Context.NewException(call.TransportException(e));
            }

            throw;
        }
    }
}
