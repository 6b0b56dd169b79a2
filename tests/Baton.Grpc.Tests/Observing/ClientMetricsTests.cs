using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Grpc.Tests.Observing;

/// <summary>What the meter Baton.Grpc says of calls that their context has ended.</summary>
public sealed class ClientMetricsTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<string, string> All => new MatrixTheoryData<string, string>(
        [.. AllKinds.Names.Select(static name => name.Data), "blocking"], ["canceled", "timeout"]);

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_call_that_its_context_ends_is_counted_once_with_its_cause_and_how_long_it_went_on(
        string kind, string cause)
    {
        var host = $"{kind}-{cause}.internal";
        using var ctx = Context.Root(_clock).WithTimeout(s_timeout);
        using var measured = new Measured(host);
        using var network = new Stubborn();
        using var channel = Channel(network);
        var client = Client(channel, host);

        var calling = CallAsync(client, kind, ctx);
        await WaitFor.Completion(network.Arrived);
        if (cause == "canceled")
        {
            ctx.Cancel(new InvalidOperationException("text of a user"));
        }
        else
        {
            _clock.Advance(s_timeout);
        }

        await Assert.ThrowsAnyAsync<ContextException>(() => WaitFor.Completion(calling));

        // gRPC's client does not wait for the network once its token is canceled, so nothing is added to the overrun.
        Assert.Equal(
            [
                $"baton.grpc.client.ended 1 baton.cause={cause} server.address={host} server.port=81",
                $"baton.grpc.client.overrun 0 baton.cause={cause} server.address={host} server.port=81",
            ],
            measured.All);
    }

    [Fact]
    public async Task A_stream_that_is_disposed_after_the_end_of_its_context_went_on()
    {
        using var ctx = Context.Root(_clock).WithCancel();
        using var measured = new Measured("left.internal");
        using var network = new Stubborn();
        using var channel = Channel(network);

        using (Client(channel, "left.internal").ServerStream(new Note(), ctx.ToCallOptions()))
        {
            await WaitFor.Completion(network.Arrived);
            ctx.Cancel();
            await WaitFor.Completion(network.Told);
            _clock.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.Equal(
            ["baton.grpc.client.overrun 4 baton.cause=canceled server.address=left.internal server.port=81"],
            measured.All);
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task A_call_that_ends_before_its_context_is_not_measured(string kind)
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = static _ => Task.CompletedTask;
        using var ctx = Context.Background.WithTimeout(s_timeout);
        using var measured = new Measured($"{kind}-whole.internal");
        using var channel = GrpcChannel.ForAddress(server.Address);

        await WaitFor.Completion(AllKinds.CallAsync(Client(channel, $"{kind}-whole.internal"), kind, ctx.ToCallOptions()));
        ctx.Cancel();

        Assert.Empty(measured.All);
    }

    [Fact]
    public async Task A_call_whose_context_is_done_is_refused_and_was_not_ended()
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_timeout);
        _clock.Advance(s_timeout);
        using var measured = new Measured("refused.internal");
        using var network = new Stubborn();
        using var channel = Channel(network);

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(
            CallAsync(Client(channel, "refused.internal"), "unary", ctx)));

        Assert.Equal(
            [
                "baton.grpc.client.refused 1 error.type=deadline_exceeded server.address=refused.internal server.port=81",
            ],
            measured.All);
        Assert.False(network.Arrived.IsCompleted);
    }

    [Fact]
    public async Task A_client_of_a_factory_has_the_meter_of_its_application_and_its_own_address()
    {
        using var network = new Stubborn();
        var services = new ServiceCollection();
        services.AddGrpcClient<Probe.ProbeClient>(static options => options.Address = new Uri("http://factory.internal:81"))
            .ConfigurePrimaryHttpMessageHandler(() => network).AddBatonInterceptor();
        await using var provider = services.BuildServiceProvider();
        using var ctx = Context.Background.WithCancel();
        using var mine = new Measured("factory.internal", provider.GetRequiredService<IMeterFactory>());
        using var others = new Measured("factory.internal", new object());

        var calling = CallAsync(provider.GetRequiredService<Probe.ProbeClient>(), "unary", ctx);
        await WaitFor.Completion(network.Arrived);
        ctx.Cancel();
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(calling));

        Assert.Equal(2, mine.All.Length);
        Assert.Empty(others.All);
    }

    [Fact]
    public void The_table_of_the_meter_in_the_document_has_its_instruments_and_no_others()
    {
        _ = new BatonClientInterceptor();

        Assert.Equal(MeterTable.Instruments("Baton.Grpc"), MeterTable.Rows("Baton.Grpc"));
    }

    private static Task CallAsync(Probe.ProbeClient client, string kind, Context ctx) => kind == "blocking"
        ? Task.Factory.StartNew(
            () => client.Unary(new Note(), ctx.ToCallOptions()),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : AllKinds.CallAsync(client, kind, ctx.ToCallOptions());

    private static GrpcChannel Channel(HttpMessageHandler network) => GrpcChannel.ForAddress(
        "http://network.internal", new GrpcChannelOptions { HttpHandler = network });

    private static Probe.ProbeClient Client(GrpcChannel channel, string host) =>
        new(channel.Intercept(Ours(host)).Intercept(Ours(host)));

    /// <summary>Two on the same channel count a call once.</summary>
    private static BatonClientInterceptor Ours(string host) =>
        new(new BatonGrpcOptions { Address = new Uri($"http://{host}:81") });

    /// <summary>Stands in for a network that never responds.</summary>
    private sealed class Stubborn : HttpMessageHandler
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Arrived => _arrived.Task;

        internal Task Told => _told.Task;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var told = cancellationToken.UnsafeRegister(
                static told => ((TaskCompletionSource)told!).SetResult(), _told);
            _arrived.SetResult();
            await _told.Task;
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>What was measured of one address, as text, in the order of the instruments' names.</summary>
    private sealed class Measured : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<string> _all = [];

        internal Measured(string host, object? scope = null)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Baton.Grpc"
                    && (scope is null || ReferenceEquals(instrument.Meter.Scope, scope)))
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
                if (found.Contains(new("server.address", host)))
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
