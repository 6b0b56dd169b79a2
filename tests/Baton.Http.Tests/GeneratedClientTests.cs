using System.Net;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Http.HttpClientLibrary.Extensions;
using Refit;

namespace Baton.Http.Tests;

/// <summary>
/// Clients that others generate, over <see cref="BatonHandler"/>: each way to hand them a context.
/// </summary>
public sealed class GeneratedClientTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Recorder _network = new();
    private readonly CancelableContext _ctx;

    public GeneratedClientTests() =>
        _ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(9));

    public interface IOrders
    {
        [Get("/7")]
        Task<string> GetAsync(CancellationToken cancellationToken);

        [Get("/7")]
        Task<string> GetAsync([Property("Baton.Context")] Context ctx, CancellationToken cancellationToken);

        [Get("/7")]
        Task<string> GetAsync([Property("Baton.Context")] Context ctx);
    }

    public void Dispose()
    {
        _ctx.Dispose();
        _network.Dispose();
    }

    [Fact]
    public async Task Refit_takes_the_context_as_a_property_of_the_message()
    {
        using var client = Client(new BatonHandler(_network));

        await RestService.For<IOrders>(client).GetAsync(_ctx, _ctx);

        Assert.Equal(["9S"], _network.Timeouts);
    }

    [Fact]
    public async Task Refit_ends_with_the_context_it_was_given_as_a_property()
    {
        using var client = Client(new BatonHandler(new Silent()));
        var calling = RestService.For<IOrders>(client).GetAsync(_ctx, _ctx);

        _ctx.Cancel(new InvalidOperationException("enough"));

        var error = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
        Assert.Same(_ctx.Cause, error.InnerException);
    }

    [Fact]
    public async Task Refit_wraps_what_ended_a_call_that_has_no_token()
    {
        using var client = Client(new BatonHandler(new Silent()));
        var calling = RestService.For<IOrders>(client).GetAsync(_ctx);

        _ctx.Cancel();

        var error = await Assert.ThrowsAsync<ApiRequestException>(() => WaitFor.Result(calling));
        Assert.IsType<ContextCanceledException>(error.InnerException);
    }

    [Fact]
    public async Task Refit_ends_with_the_token_it_was_given_and_the_current_context_goes_along()
    {
        using var client = Client(
            new BatonHandler(_network, new BatonHttpOptions { ContextAccessor = new Current(_ctx) }));
        using var silent = Client(new BatonHandler(new Silent()));

        await RestService.For<IOrders>(client).GetAsync(_ctx.Done);
        var calling = RestService.For<IOrders>(silent).GetAsync(_ctx.Done);
        _ctx.Cancel();

        Assert.Equal(["9S"], _network.Timeouts);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Result(calling));
    }

    [Fact]
    public async Task NSwag_takes_the_context_where_it_shows_the_message()
    {
        using var client = Client(new BatonHandler(_network));
        using var silent = Client(new BatonHandler(new Silent()));

        await new OrdersClient(client) { Context = _ctx }.GetAsync(7, CancellationToken.None);
        var calling = new OrdersClient(silent) { Context = _ctx }.GetAsync(7, CancellationToken.None);
        _ctx.Cancel();

        Assert.Equal(["9S"], _network.Timeouts);
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
    }

    [Fact]
    public async Task NSwag_ends_with_the_token_it_was_given_and_the_current_context_goes_along()
    {
        using var client = Client(
            new BatonHandler(_network, new BatonHttpOptions { ContextAccessor = new Current(_ctx) }));
        using var silent = Client(new BatonHandler(new Silent()));

        await new OrdersClient(client).GetAsync(7, _ctx);
        var calling = new OrdersClient(silent).GetAsync(7, _ctx);
        _ctx.Cancel();

        Assert.Equal(["9S"], _network.Timeouts);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Result(calling));
    }

    [Fact]
    public async Task Kiota_replaces_what_is_behind_a_handler_of_its_list()
    {
        using var behind = new Recorder();
        using var client = KiotaClientFactory.Create([new BatonHandler(behind)], _network);

        using var response = await client.GetAsync(_ctx, "http://orders.internal/");

        Assert.Empty(behind.Addresses);
        Assert.Single(_network.Addresses);
    }

    [Fact]
    public async Task Kiota_takes_the_context_as_an_option_that_a_handler_reads()
    {
        await AskByKiotaAsync(_network, new ContextOption(_ctx), CancellationToken.None);
        var calling = AskByKiotaAsync(new Silent(), new ContextOption(_ctx), CancellationToken.None);
        _ctx.Cancel();

        Assert.Equal(["9S"], _network.Timeouts);
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(calling));
    }

    [Fact]
    public async Task Kiota_ends_with_the_token_it_was_given_and_the_current_context_goes_along()
    {
        var options = new BatonHttpOptions { ContextAccessor = new Current(_ctx) };

        await AskByKiotaAsync(_network, option: null, _ctx, options);
        var calling = AskByKiotaAsync(new Silent(), option: null, _ctx);
        _ctx.Cancel();

        Assert.Equal(["9S"], _network.Timeouts);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Completion(calling));
    }

    private static HttpClient Client(HttpMessageHandler handler) =>
        new(handler) { BaseAddress = new("http://orders.internal/") };

    private static async Task AskByKiotaAsync(
        HttpMessageHandler network, ContextOption? option, CancellationToken token,
        BatonHttpOptions? options = null)
    {
        using var client = KiotaClientFactory.Create(
            [new ContextOptionHandler()], new BatonHandler(network, options));
        using var adapter = new HttpClientRequestAdapter(
            new AnonymousAuthenticationProvider(), httpClient: client);
        var request = new RequestInformation
        {
            HttpMethod = Method.GET,
            URI = new Uri(
            "http://orders.internal/7")
        };
        if (option is not null)
        {
            request.AddRequestOptions([option]);
        }

        await adapter.SendNoContentAsync(request, cancellationToken: token);
    }

    private sealed class Current(Context ctx) : IContextAccessor
    {
        Context? IContextAccessor.Current => ctx;
    }

    /// <summary>An option of one request, as each Kiota client takes them.</summary>
    private sealed record ContextOption(Context Context) : IRequestOption;

    private sealed class ContextOptionHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.GetRequestOption<ContextOption>() is { } option)
            {
                request.SetContext(option.Context);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Of the shape that NSwag generates: what a partial method adds stands here.</summary>
    private sealed class OrdersClient(HttpClient client)
    {
        /// <summary>Null: nobody has written the partial method.</summary>
        internal Context? Context { get; init; }

        internal async Task<string> GetAsync(int id, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{id}", UriKind.Relative));
            PrepareRequest(request);
            using var response = await client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? await response.Content.ReadAsStringAsync(cancellationToken)
                : throw new HttpRequestException(null, null, response.StatusCode);
        }

        private void PrepareRequest(HttpRequestMessage request)
        {
            if (Context is not null)
            {
                request.SetContext(Context);
            }
        }
    }
}
