using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Baton.Http.Tests;

/// <summary>Every call of <see cref="HttpClient"/>, with a context first.</summary>
public sealed partial class ClientTests
{
    private static readonly Uri s_address = new("http://orders.internal/7");

    public static TheoryData<string, Func<HttpClient, Context, Task>> Calls { get; } = new()
    {
        { "GET", (client, ctx) => client.GetAsync(ctx, "/7") },
        { "GET", (client, ctx) => client.GetAsync(ctx, s_address) },
        { "GET", (client, ctx) => client.GetAsync(ctx, "/7", HttpCompletionOption.ResponseHeadersRead) },
        { "GET", (client, ctx) => client.GetAsync(ctx, s_address, HttpCompletionOption.ResponseHeadersRead) },
        { "GET", (client, ctx) => client.GetStringAsync(ctx, "/7") },
        { "GET", (client, ctx) => client.GetStringAsync(ctx, s_address) },
        { "GET", (client, ctx) => client.GetByteArrayAsync(ctx, "/7") },
        { "GET", (client, ctx) => client.GetByteArrayAsync(ctx, s_address) },
        { "GET", (client, ctx) => client.GetStreamAsync(ctx, "/7") },
        { "GET", (client, ctx) => client.GetStreamAsync(ctx, s_address) },
        { "POST", (client, ctx) => client.PostAsync(ctx, "/7", null) },
        { "POST", (client, ctx) => client.PostAsync(ctx, s_address, new StringContent("7")) },
        { "PUT", (client, ctx) => client.PutAsync(ctx, "/7", null) },
        { "PUT", (client, ctx) => client.PutAsync(ctx, s_address, null) },
        { "PATCH", (client, ctx) => client.PatchAsync(ctx, "/7", null) },
        { "PATCH", (client, ctx) => client.PatchAsync(ctx, s_address, null) },
        { "DELETE", (client, ctx) => client.DeleteAsync(ctx, "/7") },
        { "DELETE", (client, ctx) => client.DeleteAsync(ctx, s_address) },
        { "OPTIONS", (client, ctx) =>
            client.SendAsync(ctx, new HttpRequestMessage(HttpMethod.Options, "/7")) },
        { "GET", (client, ctx) => client.GetFromJsonAsync(ctx, "/7", Json.Default.Order) },
        { "GET", (client, ctx) => client.GetFromJsonAsync(ctx, s_address, Json.Default.Order) },
        { "GET", (client, ctx) => client.GetFromJsonAsync<Order>(ctx, "/7") },
        { "GET", (client, ctx) =>
            client.GetFromJsonAsync<Order>(ctx, s_address, System.Text.Json.JsonSerializerOptions.Web) },
        { "DELETE", (client, ctx) => client.DeleteFromJsonAsync(ctx, "/7", Json.Default.Order) },
        { "DELETE", (client, ctx) => client.DeleteFromJsonAsync<Order>(ctx, s_address) },
        { "POST", (client, ctx) => client.PostAsJsonAsync(ctx, "/7", new Order(7), Json.Default.Order) },
        { "POST", (client, ctx) => client.PostAsJsonAsync(ctx, s_address, new Order(7)) },
        { "PUT", (client, ctx) => client.PutAsJsonAsync(ctx, "/7", new Order(7), Json.Default.Order) },
        { "PUT", (client, ctx) => client.PutAsJsonAsync(ctx, s_address, new Order(7)) },
        { "PATCH", (client, ctx) => client.PatchAsJsonAsync(ctx, "/7", new Order(7), Json.Default.Order) },
        { "PATCH", (client, ctx) => client.PatchAsJsonAsync(ctx, s_address, new Order(7)) },
    };

    [Fact]
    public void There_is_one_for_every_asynchronous_call_but_two_kinds_of_JSON()
    {
        var theirs = typeof(HttpClient).GetMethods(BindingFlags.Instance | BindingFlags.Public)
            .Where(static method => method.Name.EndsWith("Async", StringComparison.Ordinal))
            .Select(static method => Signature(method, method.GetParameters()))
            .Concat(Extensions(typeof(HttpClientJsonExtensions)));
        var ours = Extensions(typeof(BatonHttpClientExtensions));

        var left = theirs.Except(ours).ToArray();

        Assert.NotEmpty(left);
        Assert.All(left, static signature => Assert.True(
            signature.Contains("AsyncEnumerable", StringComparison.Ordinal)
            || signature.Contains("System.Type", StringComparison.Ordinal), signature));

        static IEnumerable<string> Extensions(Type type) =>
            type.GetMethods(BindingFlags.Static | BindingFlags.Public)
                .Select(static method => Signature(method, method.GetParameters().Skip(1)));

        static string Signature(MethodInfo method, IEnumerable<ParameterInfo> parameters) =>
            $"{method.Name}({string.Join(", ", parameters.Select(static parameter => parameter.ParameterType)
                .Where(static type => type != typeof(Context) && type != typeof(CancellationToken)))})";
    }

    [Theory]
    [MemberData(nameof(Calls), DisableDiscoveryEnumeration = true)]
    public async Task Each_sends_its_method_to_its_address_with_its_context(
        string method, Func<HttpClient, Context, Task> call)
    {
        HttpMethod? sent = null;
        var network = new Recorder((_, request) =>
        {
            sent = request.Method;
            return new HttpResponseMessage { Content = new StringContent("""{"id":7}""") };
        });
        using var client = new HttpClient(new BatonHandler(network)) { BaseAddress = s_address };
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));

        await call(client, ctx);

        Assert.Equal(method, sent?.Method);
        Assert.Equal(s_address, Assert.Single(network.Addresses));
        Assert.NotNull(Assert.Single(network.Timeouts));
    }

    [Theory]
    [MemberData(nameof(Calls), DisableDiscoveryEnumeration = true)]
    public async Task Each_ends_with_its_context_with_and_without_the_handler(
        string method, Func<HttpClient, Context, Task> call)
    {
        Assert.NotEmpty(method);
        foreach (var handler in new HttpMessageHandler[] { new Silent(), new BatonHandler(new Silent()) })
        {
            using var client = new HttpClient(handler) { BaseAddress = s_address };
            using var ctx = Context.Background.WithCancel();
            var calling = call(client, ctx);

            ctx.Cancel();

            await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(calling));
        }
    }

    [Fact]
    public async Task Json_is_read_and_written()
    {
        var sent = "";
        var network = new Recorder((_, request) =>
        {
            sent = request.Content is null
                ? ""
                : new StreamReader(request.Content.ReadAsStream()).ReadToEnd();
            return new HttpResponseMessage { Content = new StringContent("""{"id":7}""") };
        });
        using var client = new HttpClient(new BatonHandler(network)) { BaseAddress = s_address };

        using var response = await client.PostAsJsonAsync(
            Context.Background, "/", new Order(7), Json.Default.Order);

        Assert.Equal("""{"id":7}""", sent);
        Assert.Equal(
            new Order(7), await client.GetFromJsonAsync(Context.Background, "/", Json.Default.Order));
        Assert.Equal(new Order(7), await client.GetFromJsonAsync<Order>(Context.Background, "/"));
    }

    [Fact]
    public async Task The_clients_own_settings_apply()
    {
        HttpRequestMessage? sent = null;
        using var client = new HttpClient(new BatonHandler(new Recorder((_, request) =>
        {
            sent = request;
            return new HttpResponseMessage();
        })))
        {
            BaseAddress = s_address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        client.DefaultRequestHeaders.Add("x-all", "1");

        using var response = await client.GetAsync(Context.Background, "/");

        Assert.Equal(HttpVersion.Version20, sent!.Version);
        Assert.Equal(HttpVersionPolicy.RequestVersionExact, sent.VersionPolicy);
        Assert.Equal("1", sent.Headers.GetValues("x-all").Single());
    }

    [Fact]
    public void A_call_that_blocks_its_thread_ends_with_its_context_and_tells_the_time()
    {
        using var network = new BlockingNetwork();
        using var client = new HttpMessageInvoker(new BatonHandler(network));
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        using var request = new HttpRequestMessage(HttpMethod.Get, s_address);
        request.SetContext(ctx);

        using var response = client.Send(request, CancellationToken.None);
        ctx.Cancel();

        Assert.Equal("1H", network.Timeout);
        Assert.Throws<ContextCanceledException>(() => client.Send(request, CancellationToken.None));
    }

    [Fact]
    public async Task Null_is_refused()
    {
        using var client = new HttpClient(new BatonHandler(new Recorder()));

        await Assert.ThrowsAsync<ArgumentNullException>(
            "ctx", () => client.GetAsync(null!, "http://orders.internal/"));
        await Assert.ThrowsAsync<ArgumentNullException>(
            "request", () => client.SendAsync(Context.Background, null!));
        await Assert.ThrowsAsync<ArgumentNullException>(
            "client", () => ((HttpClient)null!).GetAsync(Context.Background, "/"));
        Assert.Throws<ArgumentNullException>("innerHandler", () => new BatonHandler(null!));
    }

    internal sealed record Order(int Id);

    [JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Order))]
    internal sealed partial class Json : JsonSerializerContext;

    private sealed class BlockingNetwork : HttpMessageHandler
    {
        internal string? Timeout { get; private set; }

        protected override HttpResponseMessage Send(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // To the second: the clock is the real one, and some microseconds are gone already.
            Timeout = request.Headers.GetValues("grpc-timeout").Single() is "1H" or "3599S" or "59M"
                ? "1H"
                : null;
            return new HttpResponseMessage();
        }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
