using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Baton;

namespace System.Net.Http;

public static partial class BatonHttpClientExtensions
{
    private const string Reflection =
        "Values are read and written by reflection. Give a JsonTypeInfo, which a JsonSerializerContext "
        + "generates.";

    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    private static JsonTypeInfo<TValue> TypeInfo<TValue>(JsonSerializerOptions? options) =>
        (JsonTypeInfo<TValue>)(options ?? JsonSerializerOptions.Web).GetTypeInfo(typeof(TValue));

    private static async Task<TValue?> ReadJsonAsync<TValue>(
        HttpClient client, Context ctx, HttpMethod method, Uri? address, JsonTypeInfo<TValue> jsonTypeInfo)
    {
        ArgumentNullException.ThrowIfNull(jsonTypeInfo);
        using var response = await SendNewAsync(
            client, ctx, method, address, content: null).ConfigureAwait(false);
        EnsureSuccess(response, ctx);
        return await response.Content.ReadFromJsonAsync(
            jsonTypeInfo, CancellationToken.None).ConfigureAwait(false);
    }

    /// <inheritdoc cref="HttpClientJsonExtensions.GetFromJsonAsync{TValue}(HttpClient, string?, JsonTypeInfo{TValue}, CancellationToken)" />
    public static Task<TValue?> GetFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, JsonTypeInfo<TValue> jsonTypeInfo) =>
        ReadJsonAsync(client, ctx, HttpMethod.Get, AddressOf(requestUri), jsonTypeInfo);

    /// <inheritdoc cref="HttpClientJsonExtensions.GetFromJsonAsync{TValue}(HttpClient, Uri?, JsonTypeInfo{TValue}, CancellationToken)" />
    public static Task<TValue?> GetFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, JsonTypeInfo<TValue> jsonTypeInfo) =>
        ReadJsonAsync(client, ctx, HttpMethod.Get, requestUri, jsonTypeInfo);

    /// <inheritdoc cref="HttpClientJsonExtensions.DeleteFromJsonAsync{TValue}(HttpClient, string?, JsonTypeInfo{TValue}, CancellationToken)" />
    public static Task<TValue?> DeleteFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, JsonTypeInfo<TValue> jsonTypeInfo) =>
        ReadJsonAsync(client, ctx, HttpMethod.Delete, AddressOf(requestUri), jsonTypeInfo);

    /// <inheritdoc cref="HttpClientJsonExtensions.DeleteFromJsonAsync{TValue}(HttpClient, Uri?, JsonTypeInfo{TValue}, CancellationToken)" />
    public static Task<TValue?> DeleteFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, JsonTypeInfo<TValue> jsonTypeInfo) =>
        ReadJsonAsync(client, ctx, HttpMethod.Delete, requestUri, jsonTypeInfo);

    /// <inheritdoc cref="HttpClientJsonExtensions.GetFromJsonAsync{TValue}(HttpClient, string?, JsonSerializerOptions, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<TValue?> GetFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, JsonSerializerOptions? options) =>
        ReadJsonAsync(client, ctx, HttpMethod.Get, AddressOf(requestUri), TypeInfo<TValue>(options));

    /// <inheritdoc cref="HttpClientJsonExtensions.GetFromJsonAsync{TValue}(HttpClient, string?, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<TValue?> GetFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri) =>
        ReadJsonAsync(client, ctx, HttpMethod.Get, AddressOf(requestUri), TypeInfo<TValue>(options: null));

    /// <inheritdoc cref="HttpClientJsonExtensions.GetFromJsonAsync{TValue}(HttpClient, Uri?, JsonSerializerOptions, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<TValue?> GetFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, JsonSerializerOptions? options) =>
        ReadJsonAsync(client, ctx, HttpMethod.Get, requestUri, TypeInfo<TValue>(options));

    /// <inheritdoc cref="HttpClientJsonExtensions.GetFromJsonAsync{TValue}(HttpClient, Uri?, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<TValue?> GetFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri) =>
        ReadJsonAsync(client, ctx, HttpMethod.Get, requestUri, TypeInfo<TValue>(options: null));

    /// <inheritdoc cref="HttpClientJsonExtensions.DeleteFromJsonAsync{TValue}(HttpClient, string?, JsonSerializerOptions, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<TValue?> DeleteFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, JsonSerializerOptions? options) =>
        ReadJsonAsync(client, ctx, HttpMethod.Delete, AddressOf(requestUri), TypeInfo<TValue>(options));

    /// <inheritdoc cref="HttpClientJsonExtensions.DeleteFromJsonAsync{TValue}(HttpClient, string?, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<TValue?> DeleteFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri) =>
        ReadJsonAsync(client, ctx, HttpMethod.Delete, AddressOf(requestUri), TypeInfo<TValue>(options: null));

    /// <inheritdoc cref="HttpClientJsonExtensions.DeleteFromJsonAsync{TValue}(HttpClient, Uri?, JsonSerializerOptions, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<TValue?> DeleteFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, JsonSerializerOptions? options) =>
        ReadJsonAsync(client, ctx, HttpMethod.Delete, requestUri, TypeInfo<TValue>(options));

    /// <inheritdoc cref="HttpClientJsonExtensions.DeleteFromJsonAsync{TValue}(HttpClient, Uri?, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<TValue?> DeleteFromJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri) =>
        ReadJsonAsync(client, ctx, HttpMethod.Delete, requestUri, TypeInfo<TValue>(options: null));

    /// <inheritdoc cref="HttpClientJsonExtensions.PostAsJsonAsync{TValue}(HttpClient, string?, TValue, JsonTypeInfo{TValue}, CancellationToken)" />
    public static Task<HttpResponseMessage> PostAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, TValue value,
        JsonTypeInfo<TValue> jsonTypeInfo) =>
        SendNewAsync(
            client, ctx, HttpMethod.Post, AddressOf(requestUri), JsonContent.Create(value, jsonTypeInfo));

    /// <inheritdoc cref="HttpClientJsonExtensions.PostAsJsonAsync{TValue}(HttpClient, Uri?, TValue, JsonTypeInfo{TValue}, CancellationToken)" />
    public static Task<HttpResponseMessage> PostAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, TValue value,
        JsonTypeInfo<TValue> jsonTypeInfo) =>
        SendNewAsync(client, ctx, HttpMethod.Post, requestUri, JsonContent.Create(value, jsonTypeInfo));

    /// <inheritdoc cref="HttpClientJsonExtensions.PutAsJsonAsync{TValue}(HttpClient, string?, TValue, JsonTypeInfo{TValue}, CancellationToken)" />
    public static Task<HttpResponseMessage> PutAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, TValue value,
        JsonTypeInfo<TValue> jsonTypeInfo) =>
        SendNewAsync(
            client, ctx, HttpMethod.Put, AddressOf(requestUri), JsonContent.Create(value, jsonTypeInfo));

    /// <inheritdoc cref="HttpClientJsonExtensions.PutAsJsonAsync{TValue}(HttpClient, Uri?, TValue, JsonTypeInfo{TValue}, CancellationToken)" />
    public static Task<HttpResponseMessage> PutAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, TValue value,
        JsonTypeInfo<TValue> jsonTypeInfo) =>
        SendNewAsync(client, ctx, HttpMethod.Put, requestUri, JsonContent.Create(value, jsonTypeInfo));

    /// <inheritdoc cref="HttpClientJsonExtensions.PatchAsJsonAsync{TValue}(HttpClient, string?, TValue, JsonTypeInfo{TValue}, CancellationToken)" />
    public static Task<HttpResponseMessage> PatchAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, TValue value,
        JsonTypeInfo<TValue> jsonTypeInfo) =>
        SendNewAsync(
            client, ctx, HttpMethod.Patch, AddressOf(requestUri), JsonContent.Create(value, jsonTypeInfo));

    /// <inheritdoc cref="HttpClientJsonExtensions.PatchAsJsonAsync{TValue}(HttpClient, Uri?, TValue, JsonTypeInfo{TValue}, CancellationToken)" />
    public static Task<HttpResponseMessage> PatchAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, TValue value,
        JsonTypeInfo<TValue> jsonTypeInfo) =>
        SendNewAsync(client, ctx, HttpMethod.Patch, requestUri, JsonContent.Create(value, jsonTypeInfo));

    /// <inheritdoc cref="HttpClientJsonExtensions.PostAsJsonAsync{TValue}(HttpClient, string?, TValue, JsonSerializerOptions, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PostAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, TValue value,
        JsonSerializerOptions? options) =>
        client.PostAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options));

    /// <inheritdoc cref="HttpClientJsonExtensions.PostAsJsonAsync{TValue}(HttpClient, string?, TValue, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PostAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, TValue value) =>
        client.PostAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options: null));

    /// <inheritdoc cref="HttpClientJsonExtensions.PostAsJsonAsync{TValue}(HttpClient, Uri?, TValue, JsonSerializerOptions, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PostAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, TValue value, JsonSerializerOptions? options) =>
        client.PostAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options));

    /// <inheritdoc cref="HttpClientJsonExtensions.PostAsJsonAsync{TValue}(HttpClient, Uri?, TValue, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PostAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, TValue value) =>
        client.PostAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options: null));

    /// <inheritdoc cref="HttpClientJsonExtensions.PutAsJsonAsync{TValue}(HttpClient, string?, TValue, JsonSerializerOptions, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PutAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, TValue value,
        JsonSerializerOptions? options) =>
        client.PutAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options));

    /// <inheritdoc cref="HttpClientJsonExtensions.PutAsJsonAsync{TValue}(HttpClient, string?, TValue, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PutAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, TValue value) =>
        client.PutAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options: null));

    /// <inheritdoc cref="HttpClientJsonExtensions.PutAsJsonAsync{TValue}(HttpClient, Uri?, TValue, JsonSerializerOptions, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PutAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, TValue value, JsonSerializerOptions? options) =>
        client.PutAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options));

    /// <inheritdoc cref="HttpClientJsonExtensions.PutAsJsonAsync{TValue}(HttpClient, Uri?, TValue, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PutAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, TValue value) =>
        client.PutAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options: null));

    /// <inheritdoc cref="HttpClientJsonExtensions.PatchAsJsonAsync{TValue}(HttpClient, string?, TValue, JsonSerializerOptions, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PatchAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, TValue value,
        JsonSerializerOptions? options) =>
        client.PatchAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options));

    /// <inheritdoc cref="HttpClientJsonExtensions.PatchAsJsonAsync{TValue}(HttpClient, string?, TValue, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PatchAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, string? requestUri, TValue value) =>
        client.PatchAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options: null));

    /// <inheritdoc cref="HttpClientJsonExtensions.PatchAsJsonAsync{TValue}(HttpClient, Uri?, TValue, JsonSerializerOptions, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PatchAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, TValue value, JsonSerializerOptions? options) =>
        client.PatchAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options));

    /// <inheritdoc cref="HttpClientJsonExtensions.PatchAsJsonAsync{TValue}(HttpClient, Uri?, TValue, CancellationToken)" />
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Task<HttpResponseMessage> PatchAsJsonAsync<TValue>(
        this HttpClient client, Context ctx, Uri? requestUri, TValue value) =>
        client.PatchAsJsonAsync(ctx, requestUri, value, TypeInfo<TValue>(options: null));
}
