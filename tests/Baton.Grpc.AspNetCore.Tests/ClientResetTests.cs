using System.Net.Sockets;
using Grpc.Net.Client;

namespace Baton.Grpc.AspNetCore.Tests;

/// <summary>
/// A client that breaks off its call while the method reads: gRPC's reader throws what the transport threw,
/// often before the server has canceled the request.
/// </summary>
public sealed class ClientResetTests
{
    private const int Calls = 100;

    private static readonly InvalidOperationException s_cause = new("the client left");

    [Theory]
    [InlineData("client")]
    [InlineData("duplex")]
    public async Task A_method_whose_client_resets_its_stream_gets_the_contexts_exception(string kind)
    {
        await using var server = await ProbeServer.StartAsync();
        for (var i = 0; i < Calls; i++)
        {
            var read = ReadOne(server);
            using (var call = await BeginAsync(server.BareClient, kind))
            {
                await WaitFor.Completion(read.Begun);
            }

            AssertLeft(await WaitFor.Result(read.Failed));
        }
    }

    [Theory]
    [InlineData("client")]
    [InlineData("duplex")]
    public async Task A_method_whose_client_loses_its_connection_gets_the_contexts_exception(string kind)
    {
        await using var server = await ProbeServer.StartAsync();
        for (var i = 0; i < Calls / 5; i++)
        {
            var read = ReadOne(server);
            Socket? socket = null;
            using var handler = new SocketsHttpHandler
            {
                ConnectCallback = async (connect, token) =>
                {
                    socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(connect.DnsEndPoint, token);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            };
            using var channel = GrpcChannel.ForAddress(
                server.Address, new GrpcChannelOptions { HttpHandler = handler });
            using var call = await BeginAsync(new Probe.ProbeClient(channel), kind);
            await WaitFor.Completion(read.Begun);

            // With no time to linger, closing sends a TCP reset.
            socket!.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();

            AssertLeft(await WaitFor.Result(read.Failed));
        }
    }

    /// <summary>The order of the two events, which is a race above, held fast.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_exception_of_the_transport_waits_for_the_end_that_it_announces(bool hasOwnToken)
    {
        using var baseContext = Context.Background.WithCancel();
        var reset = new ResetReader();
        await using var server = await StartAsync(baseContext, reset);
        var seen = new TaskCompletionSource<Exception>();
        using var own = new CancellationTokenSource();
        server.Methods.ClientStream = async (requests, _) =>
        {
            var reading = requests.MoveNext(hasOwnToken ? own.Token : CancellationToken.None);
            var first = await Task.WhenAny(reading, reset.HasThrown.Task);
            Assert.NotSame(reading, first);
            baseContext.Cancel(s_cause);
            seen.SetResult(await Assert.ThrowsAnyAsync<Exception>(() => reading));
            return await reading ? new Note() : new Note();
        };

        var failure = await Assert.ThrowsAsync<RpcException>(() =>
            WaitFor.Completion(AllKinds.CallAsync(server.BareClient, "client", default)));

        var ended = Assert.IsType<ContextCanceledException>(await WaitFor.Result(seen.Task));
        Assert.Same(s_cause, ended.InnerException);
        Assert.Same(reset.Thrown, ended.TransportException);
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Fact]
    public async Task A_reader_that_fails_while_the_request_goes_on_fails_as_without_Baton()
    {
        using var baseContext = Context.Background.WithCancel();
        var reset = new ResetReader();
        await using var server = await StartAsync(baseContext, reset, expectedError: reset.Thrown.Message);
        server.Methods.ClientStream = async (requests, call) =>
        {
            Assert.Same(reset.Thrown, await Assert.ThrowsAsync<IOException>(() => requests.MoveNext()));
            Assert.False(call.RequestContext.IsDone);
            return new Note { Text = "still here" };
        };

        using var call = server.BareClient.ClientStream();

        Assert.Equal("still here", (await WaitFor.Result(call.ResponseAsync)).Text);
    }

    private static void AssertLeft(Exception seen)
    {
        // There is no exception of the transport if the context has ended before the method reads again.
        var ended = Assert.IsType<ContextCanceledException>(seen);
        Assert.IsType<ClientDisconnectedException>(ended.InnerException);
    }

    /// <summary>The next method reads its stream until that fails.</summary>
    private static (Task Begun, Task<Exception> Failed) ReadOne(ProbeServer server)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var failed = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Methods.Duplex = async (requests, _, _) =>
        {
            try
            {
                Assert.True(await requests.MoveNext());
                begun.SetResult();
                await requests.MoveNext();
            }
            catch (Exception e)
            {
                failed.SetResult(e);
                throw;
            }
        };
        server.Methods.ClientStream = async (requests, call) =>
        {
            await server.Methods.Duplex(requests, null!, call);
            return new Note();
        };
        return (begun.Task, failed.Task);
    }

    private static async Task<IDisposable> BeginAsync(Probe.ProbeClient client, string kind)
    {
        if (kind == "client")
        {
            var call = client.ClientStream();
            await call.RequestStream.WriteAsync(new Note());
            return call;
        }

        var duplex = client.Duplex();
        await duplex.RequestStream.WriteAsync(new Note());
        return duplex;
    }

    private static Task<ProbeServer> StartAsync(
        Context baseContext, ResetReader reset, string? expectedError = null) => ProbeServer.StartAsync(
        builder =>
        {
            builder.Services.AddBaton(options => options.BaseContext = baseContext);
            builder.Services.AddSingleton(reset);
            builder.Services.AddGrpc(static options => options.Interceptors.Add<Resetting>()).AddBatonInterceptor();
        },
        static app =>
        {
            app.UseBaton();
            app.MapGrpcService<ProbeService>();
        },
        expectedError);

    /// <summary>An interceptor around Baton's that gives the method a stream whose client has reset it.</summary>
    private sealed class Resetting(ResetReader reset) : Interceptor
    {
        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
            continuation((IAsyncStreamReader<TRequest>)(object)reset, context);
    }

    private sealed class ResetReader : IAsyncStreamReader<Note>
    {
        internal IOException Thrown { get; } = new("The client reset the request stream.");

        internal TaskCompletionSource HasThrown { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Note Current => throw new NotSupportedException();

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            HasThrown.SetResult();
            return Task.FromException<bool>(Thrown);
        }
    }
}
