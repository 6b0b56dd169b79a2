using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests.Observing;

/// <summary>What the meter Baton.Http says of calls that their context has ended.</summary>
public sealed class ClientMetricsTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly Stubborn _network = new();

    public static TheoryData<Way, string> All => new MatrixTheoryData<Way, string>(
        Enum.GetValues<Way>(), ["canceled", "timeout"]);

    /// <summary>How the client was made, and how the call is given its context.</summary>
    public enum Way
    {
        ByHand,
        ByHandWithMessage,
        ByHandBlocking,
        OfFactory,
        OfFactoryWithMessage,
        OfFactoryWithOthers,
        OfFactoryWithOthersAndMessage,
        OfFactoryWithOthersBlocking,
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_call_that_its_context_ends_is_counted_once_with_its_cause_and_how_long_it_went_on(
        Way way, string cause)
    {
        var host = $"{way}-{cause}.internal".ToLowerInvariant();
        using var ctx = Context.Root(_clock).WithTimeout(s_timeout);
        using var measured = new Measured(host);
        using var client = Client(way);

        var calling = CallAsync(way, client, ctx, new Uri($"http://{host}:81/secret"));
        await WaitFor.Completion(_network.Arrived);
        End(ctx, cause);
        await WaitFor.Completion(_network.Told);
        _clock.Advance(TimeSpan.FromSeconds(4));
        _network.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Result(calling));

        Assert.Equal(
            [
                $"baton.http.client.ended 1 baton.cause={cause} server.address={host} server.port=81",
                $"baton.http.client.overrun 4 baton.cause={cause} server.address={host} server.port=81",
            ],
            measured.All);
    }

    [Fact]
    public async Task A_response_that_comes_after_the_end_was_not_ended_but_went_on()
    {
        using var ctx = Context.Root(_clock).WithCancel();
        using var measured = new Measured("late.internal");
        using var late = new HttpResponseMessage();
        using var network = new Stubborn { Response = late };
        using var client = new HttpClient(new BatonHandler(network));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://late.internal/");
        request.SetContext(ctx);

        var calling = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await WaitFor.Completion(network.Arrived);
        ctx.Cancel();
        await WaitFor.Completion(network.Told);
        _clock.Advance(TimeSpan.FromSeconds(2));
        network.Release();
        using var response = await WaitFor.Result(calling);

        Assert.Equal(
            ["baton.http.client.overrun 2 baton.cause=canceled server.address=late.internal server.port=80"],
            measured.All);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_ends_before_its_context_is_not_measured(bool isFailure)
    {
        var host = $"whole-{isFailure}.internal".ToLowerInvariant();
        using var ctx = Context.Root(_clock).WithTimeout(s_timeout);
        using var measured = new Measured(host);
        using var client = new HttpClient(new BatonHandler(isFailure ? new Broken() : new Recorder()));

        var e = await Record.ExceptionAsync(async () =>
        {
            using var response = await client.GetAsync(ctx, $"http://{host}/");
        });
        ctx.Cancel();

        Assert.Equal(isFailure, e is HttpRequestException);
        Assert.Empty(measured.All);
    }

    [Fact]
    public async Task A_call_that_was_refused_was_not_ended()
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_timeout);
        _clock.Advance(s_timeout);
        using var measured = new Measured("refused.internal");
        using var client = new HttpClient(new BatonHandler(_network));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => client.GetAsync(ctx, "https://refused.internal/"));

        Assert.Equal(
            [
                "baton.http.client.refused 1 error.type=deadline_exceeded server.address=refused.internal server.port=443",
            ],
            measured.All);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_context_that_ends_the_reading_of_a_body_has_ended_the_call(bool isOfMessage)
    {
        await using var peer = await Peer.StartAsync("1.1");
        using var ctx = Context.Background.WithCancel();
        using var measured = new Measured(peer.Address.Host, peer.Address.Port);
        using var client = peer.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/endless");
        request.SetContext(ctx);

        using var response = await WaitFor.Result(isOfMessage
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)
            : client.GetAsync(ctx, "/endless", HttpCompletionOption.ResponseHeadersRead));
        var reading = response.Content.ReadAsStringAsync();
        ctx.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Result(reading));

        Assert.StartsWith("baton.http.client.ended 1 baton.cause=canceled ", Assert.Single(measured.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cause_is_what_ended_the_request_that_makes_the_call()
    {
        await using var peer = await Peer.StartAsync("1.1");
        using var measured = new Measured(peer.Address.Host, peer.Address.Port);
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", (Context ctx, IHttpClientFactory clients) =>
                clients.CreateClient().GetStringAsync(ctx, new Uri(peer.Address, "/silent"))),
            static builder => builder.Services.AddHttpClient("").AddBatonHandler());

        var caller = await server.AskAsync("/");
        await WaitFor.Completion(peer.Arrived);
        caller.Dispose();
        await WaitFor.True(() => measured.All.Length == 2);

        Assert.All(measured.All, static one => Assert.Contains(
            "baton.cause=client_disconnected", one, StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_of_the_meter_in_the_document_has_its_instruments_and_no_others()
    {
        using var handler = new BatonHandler(_network);

        Assert.Equal(MeterTable.Instruments("Baton.Http"), MeterTable.Rows("Baton.Http"));
    }

    private static void End(CancelableContext ctx, string cause)
    {
        if (cause == "canceled")
        {
            ctx.Cancel(new InvalidOperationException("text of a user"));
        }
        else
        {
            ((FakeTimeProvider)ctx.TimeProvider).Advance(s_timeout);
        }
    }

    private static async Task<HttpResponseMessage> CallAsync(Way way, HttpClient client, Context ctx, Uri address)
    {
        if (way is Way.ByHand or Way.OfFactory or Way.OfFactoryWithOthers)
        {
            return await client.GetAsync(ctx, address);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.SetContext(ctx);
        return way is Way.ByHandBlocking or Way.OfFactoryWithOthersBlocking
            ? await Task.Factory.StartNew(
                () => client.Send(request), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : await client.SendAsync(request);
    }

    private HttpClient Client(Way way)
    {
        if (way is Way.ByHand or Way.ByHandWithMessage or Way.ByHandBlocking)
        {
            return new HttpClient(new BatonHandler(_network));
        }

        var builder = new ServiceCollection().AddHttpClient("").ConfigurePrimaryHttpMessageHandler(() => _network);
        if (way >= Way.OfFactoryWithOthers)
        {
            builder.AddHttpMessageHandler(static () => new PassOn());
        }

        builder.AddBatonHandler();
        return builder.Services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient();
    }

    private sealed class PassOn : DelegatingHandler;

    private sealed class Broken : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException("broken");
    }

    /// <summary>What was measured of one host, as text, in the order of the instruments' names.</summary>
    private sealed class Measured : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<string> _all = [];

        internal Measured(string host, int? port = null)
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Baton.Http")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();

            void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
            {
                var found = tags.ToArray();
                if (found.Contains(new("server.address", host))
                    && (port is null || found.Contains(new("server.port", port))))
                {
                    _all.Enqueue(FormattableString.Invariant($"{instrument.Name} {value} ")
                        + string.Join(' ', found.Select(static tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal)));
                }
            }
        }

        internal string[] All => [.. _all.Order(StringComparer.Ordinal)];

        public void Dispose() => _listener.Dispose();
    }
}
