namespace Baton.Grpc.Tests;

/// <summary>The end of a context in the middle of a stream, in the client.</summary>
public sealed class StreamTests
{
    private static readonly InvalidOperationException s_cause = new("no longer wanted");

    [Fact]
    public async Task A_client_that_reads_gets_what_was_sent_and_then_the_contexts_exception()
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.ServerStream = async (note, responses, call) =>
        {
            await responses.WriteAsync(note);
            await Select.Done(call.RequestContext);
        };
        using var ctx = Context.Background.WithCancel();
        using var call = server.Client.ServerStream(new Note { Text = "one" }, cancellationToken: ctx);

        Assert.True(await WaitFor.Result(call.ResponseStream.MoveNext(CancellationToken.None)));
        Assert.Equal("one", call.ResponseStream.Current.Text);
        ctx.Cancel(s_cause);

        var failure = await Assert.ThrowsAsync<ContextCanceledException>(
            () => WaitFor.Result(call.ResponseStream.MoveNext(CancellationToken.None)));
        Assert.Same(s_cause, failure.InnerException);
    }

    [Fact]
    public async Task A_client_that_writes_gets_the_contexts_exception()
    {
        await using var server = await ProbeServer.StartAsync();
        var read = new TaskCompletionSource();
        server.Methods.Duplex = async (requests, _, call) =>
        {
            await requests.MoveNext();
            read.SetResult();
            await Select.Done(call.RequestContext);
        };
        using var ctx = Context.Background.WithCancel();
        using var call = server.Client.Duplex(cancellationToken: ctx);

        await WaitFor.Completion(call.RequestStream.WriteAsync(new Note()));
        await WaitFor.Completion(read.Task);
        ctx.Cancel(s_cause);

        await Assert.ThrowsAsync<ContextCanceledException>(
            () => WaitFor.Completion(call.RequestStream.WriteAsync(new Note())));
        await Assert.ThrowsAsync<ContextCanceledException>(() =>
            WaitFor.Completion(call.RequestStream.CompleteAsync()));
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(call.ResponseHeadersAsync));
    }

    [Fact]
    public async Task A_stream_that_was_read_to_its_end_stays_at_its_end()
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.ServerStream = static (_, _, _) => Task.CompletedTask;
        using var ctx = Context.Background.WithCancel();
        using var call = server.Client.ServerStream(new Note(), cancellationToken: ctx);
        Assert.False(await WaitFor.Result(call.ResponseStream.MoveNext(CancellationToken.None)));

        ctx.Cancel(s_cause);

        Assert.False(await WaitFor.Result(call.ResponseStream.MoveNext(CancellationToken.None)));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.DeadlineExceeded)]
    public async Task A_status_that_a_stream_ended_with_stays_its_status(StatusCode code)
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.ServerStream = (_, _, _) => throw new RpcException(new Status(code, "no stock"));
        using var ctx = Context.Background.WithCancel();
        using var call = server.Client.ServerStream(new Note(), cancellationToken: ctx);
        Task Read() => WaitFor.Result(call.ResponseStream.MoveNext(CancellationToken.None));
        await Assert.ThrowsAsync<RpcException>(Read);

        ctx.Cancel(s_cause);

        Assert.Equal(code, (await Assert.ThrowsAsync<RpcException>(Read)).StatusCode);
    }
}
