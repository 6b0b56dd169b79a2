using System.Collections.ObjectModel;
using System.Diagnostics;
using Grpc.Net.Client;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Baton.Grpc.Tests.Observing;

/// <summary>
/// What arrives at an exporter of OpenTelemetry, with its instrumentations of gRPC's client and of HttpClient beside ours:
/// the activity that gRPC's client makes for the call.
/// </summary>
[Collection(nameof(Tracing))]
public sealed class ClientTraceTests : IDisposable
{
    private readonly Exported _exported = [];

    public static TheoryData<string, string> All => new MatrixTheoryData<string, string>(
        [.. AllKinds.Names.Select(static name => name.Data)], ["canceled", "timeout"]);

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_activity_says_what_ended_the_call_when_and_how_long_it_went_on(string kind, string cause)
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = call =>
        {
            began.TrySetResult();
            return call.RequestContext.Delay(TimeSpan.FromHours(1));
        };
        using var tracing = Listen();
        using var parent = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        using var ctx = cause == "timeout" ? parent.WithTimeout(TimeSpan.FromMilliseconds(300)) : parent.WithCancel();

        var calling = AllKinds.CallAsync(server.Client, kind, ctx.ToCallOptions());
        if (cause == "canceled")
        {
            await WaitFor.Completion(began.Task);
            ctx.Cancel(new InvalidOperationException("text of a user"));
        }

        await Assert.ThrowsAnyAsync<ContextException>(() => WaitFor.Completion(calling));
        var activity = await _exported.OfAsync(server.Address);

        Assert.Equal(cause, activity.GetTagItem("baton.cause"));
        Assert.InRange((double)activity.GetTagItem("baton.remaining")!, 0, cause == "timeout" ? 0.3 : 3600);
        Assert.InRange((double)activity.GetTagItem("baton.overrun")!, 0, 3600);
        var done = Assert.Single(activity.Events, static moment => moment.Name == "baton.context.done");
        Assert.Equal([new("baton.cause", cause)], done.Tags);
    }

    [Fact]
    public async Task The_source_of_a_requests_timeout_goes_along()
    {
        await using var hop = await Hop.StartAsync();
        hop.Back.Methods.Unary = static async (_, call) =>
        {
            await call.RequestContext.Delay(TimeSpan.FromHours(1));
            return new Note();
        };
        hop.Front.Methods.Unary = async (note, call) =>
            await hop.Client("ours").UnaryAsync(note, call.RequestContext.ToCallOptions());
        using var tracing = Listen();
        using var channel = GrpcChannel.ForAddress(hop.Front.Address);

        await Assert.ThrowsAsync<RpcException>(() => WaitFor.Result(new Probe.ProbeClient(channel)
            .UnaryAsync(new Note(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(500)).ResponseAsync));
        var activity = await _exported.OfAsync(hop.Back.Address);
        await WaitFor.True(() => activity.GetTagItem("baton.cause") is not null);

        // The client's reset may come before the deadline of the service.
        var (cause, source) = (activity.GetTagItem("baton.cause"), activity.GetTagItem("baton.timeout.source"));
        Assert.True((cause, source) is ("timeout", "caller") or ("client_disconnected", null), $"{cause}, {source}");
    }

    [Fact]
    public async Task A_call_that_completes_has_the_time_that_it_was_given_and_nothing_else()
    {
        await using var server = await ProbeServer.StartAsync();
        using var tracing = Listen();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));

        await WaitFor.Result(server.Client.UnaryAsync(new Note(), ctx.ToCallOptions()).ResponseAsync);
        ctx.Cancel();
        var activity = await _exported.OfAsync(server.Address);

        Assert.InRange((double)activity.GetTagItem("baton.remaining")!, 1, 3600);
        Assert.Equal(
            ["baton.remaining"],
            activity.TagObjects.Select(static tag => tag.Key).Where(static key => key.StartsWith("baton", StringComparison.Ordinal)));
        Assert.Empty(activity.Events);
    }

    [Fact]
    public async Task Nothing_listens_once_nobody_records()
    {
        using (Listen())
        {
            Assert.True(GrpcActivities.AreRecorded);
        }

        Assert.False(GrpcActivities.AreRecorded);
        using var source = new ActivitySource("Grpc.Net.Client");
        Assert.False(source.HasListeners());
        await using var server = await ProbeServer.StartAsync();
        using var ctx = Context.Background.WithCancel();
        await WaitFor.Result(server.Client.UnaryAsync(new Note(), ctx.ToCallOptions()).ResponseAsync);
        Assert.Null(GrpcActivities.Current);
    }

    /// <summary>Baton stops to listen when it looks after the others have left. Other tests compare headers.</summary>
    public void Dispose() => _ = GrpcActivities.AreRecorded;

    private TracerProvider Listen() => Sdk.CreateTracerProviderBuilder()
        .AddGrpcClientInstrumentation().AddHttpClientInstrumentation().AddInMemoryExporter(_exported).Build();

    /// <summary>The activities that were exported, also by calls of other tests that run meanwhile.</summary>
    private sealed class Exported : Collection<Activity>
    {
        private readonly Lock _gate = new();

        internal async Task<Activity> OfAsync(Uri address)
        {
            await WaitFor.True(() => Of(address).Length > 0);
            return Assert.Single(Of(address));
        }

        protected override void InsertItem(int index, Activity item)
        {
            lock (_gate)
            {
                base.InsertItem(Count, item);
            }
        }

        /// <summary>Those of gRPC's client. Those of the HttpClient below have another name.</summary>
        private Activity[] Of(Uri address)
        {
            lock (_gate)
            {
                return [.. this.Where(one => one.OperationName == "Grpc.Net.Client.GrpcOut"
                    && address.Port.Equals(one.GetTagItem("server.port")))];
            }
        }
    }
}
