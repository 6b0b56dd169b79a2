using System.Collections.Concurrent;
using Grpc.Net.Client;

namespace Baton.Grpc.Tests;

/// <summary>A service without Baton that notes each request, and the calls that are made to it.</summary>
internal sealed class Recorder : IAsyncDisposable
{
    private readonly ProbeServer _server;
    private readonly ConcurrentQueue<string> _requests;
    private Scenario _scenario = new();
    private TaskCompletionSource _served = new();

    private Recorder(ProbeServer server, ConcurrentQueue<string> requests)
    {
        (_server, _requests) = (server, requests);
        server.Methods.Unary = (note, call) => ServeAsync([note], call);
        server.Methods.ClientStream = async (requests, call) =>
            await ServeAsync(await requests.ReadAllAsync().ToListAsync(), call);
        server.Methods.ServerStream = async (note, responses, call) =>
            await WriteTwiceAsync(await ServeAsync([note], call), responses);
        server.Methods.Duplex = async (requests, responses, call) =>
            await WriteTwiceAsync(await ServeAsync(await requests.ReadAllAsync().ToListAsync(), call), responses);
    }

    internal static async Task<Recorder> StartAsync()
    {
        var requests = new ConcurrentQueue<string>();
        var server = await ProbeServer.StartAsync(
            static builder => builder.Services.AddGrpc(),
            app =>
            {
                app.Use((http, next) =>
                {
                    requests.Enqueue($"{http.Request.Protocol} {http.Request.Path}\n" + string.Join('\n', http.Request.Headers
                        .Select(static header => $"{header.Key}: {header.Value}")
                        .Order(StringComparer.Ordinal)));

                    // Otherwise gRPC's server keeps the deadline too, and which side is first is a race.
                    http.Request.Headers.Remove("grpc-timeout");
                    return next(http);
                });
                app.MapGrpcService<ProbeService>();
            },
            expectedError: "Error when executing service method");
        return new Recorder(server, requests);
    }

    /// <summary>Makes one call, and tells what was seen of it on both sides.</summary>
    internal async Task<string> RecordAsync(
        string kind, Scenario scenario, Func<CallInvoker, CallInvoker> intercept, CallOptions options)
    {
        _requests.Clear();
        (_scenario, _served) = (scenario, new TaskCompletionSource());
        var channelOptions = new GrpcChannelOptions();
        scenario.Channel(channelOptions);

        // Port 1 is a reserved one, at which nothing listens.
        using var channel = GrpcChannel.ForAddress(
            scenario.IsDown ? new Uri("http://127.0.0.1:1") : _server.Address, channelOptions);
        using var own = new CancellationTokenSource();
        if (scenario.HasOwnToken)
        {
            options = options.WithCancellationToken(own.Token);
        }

        if (scenario.CancelsBefore)
        {
            await own.CancelAsync();
        }

        var client = new Probe.ProbeClient(intercept(channel.CreateCallInvoker()));
        var calling = CallLog.OfAsync(client, kind, scenario.Options(options));
        if (scenario.CancelsWhenServed)
        {
            await WaitFor.Completion(_served.Task);
            await own.CancelAsync();
        }

        var seen = await WaitFor.Result(calling);
        return scenario.MayEndBeforeItIsSent ? seen : $"{string.Join('\n', _requests)}\n\n{seen}";
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<Note> ServeAsync(IEnumerable<Note> requests, ServerCallContext call)
    {
        _served.TrySetResult();
        await _scenario.Serve(call);
        return new Note
        {
            Text = $"{string.Join(',', requests.Select(static note => note.Text))} {Scenario.Echo(call)}",
        };
    }

    private static async Task WriteTwiceAsync(Note note, IServerStreamWriter<Note> responses)
    {
        await responses.WriteAsync(note);
        await responses.WriteAsync(note);
    }
}
