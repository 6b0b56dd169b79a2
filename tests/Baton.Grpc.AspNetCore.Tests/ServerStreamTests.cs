namespace Baton.Grpc.AspNetCore.Tests;

/// <summary>The end of a context in the middle of a stream, in the method that reads or writes it.</summary>
public sealed class ServerStreamTests
{
    private static readonly InvalidOperationException s_cause = new("no longer wanted");

    [Fact]
    public async Task A_method_that_reads_without_a_token_ends_with_its_context()
    {
        using var baseContext = Context.Background.WithCancel();
        var reads = new TaskCompletionSource();
        await using var server = await StartAsync(baseContext);
        server.Methods.ClientStream = async (requests, _) =>
        {
            Assert.True(await requests.MoveNext());
            var next = requests.MoveNext();
            reads.SetResult();
            await next;
            return new Note();
        };
        using var call = server.BareClient.ClientStream();

        await call.RequestStream.WriteAsync(new Note());
        await WaitFor.Completion(reads.Task);
        baseContext.Cancel(s_cause);

        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Result(call.ResponseAsync));
        Assert.Equal((StatusCode.Cancelled, "context canceled"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task
        A_method_that_writes_after_the_end_gets_the_contexts_exception_and_the_client_its_status()
    {
        using var baseContext = Context.Background.WithCancel();
        Exception? seen = null;
        await using var server = await StartAsync(baseContext);
        server.Methods.ServerStream = async (note, responses, _) =>
        {
            await responses.WriteAsync(note);
            baseContext.Cancel(s_cause);
            seen = await Record.ExceptionAsync(() => responses.WriteAsync(note));
            throw seen!;
        };
        using var call = server.BareClient.ServerStream(new Note());

        Assert.True(await WaitFor.Result(call.ResponseStream.MoveNext(CancellationToken.None)));
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => WaitFor.Result(call.ResponseStream.MoveNext(CancellationToken.None)));

        Assert.Same(s_cause, Assert.IsType<ContextCanceledException>(seen).InnerException);
        Assert.Equal((StatusCode.Cancelled, "context canceled"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task A_method_whose_client_does_not_read_ends_with_its_context()
    {
        using var baseContext = Context.Background.WithCancel();
        var written = 0;
        var left = new TaskCompletionSource<Exception>();
        await using var server = await StartAsync(baseContext);
        server.Methods.ServerStream = async (_, responses, _) =>
        {
            try
            {
                var large = new Note { Text = new string('x', 1_000_000) };
                for (written = 0; ; written++)
                {
                    await responses.WriteAsync(large);
                }
            }
            catch (Exception e)
            {
                left.SetResult(e);
                throw;
            }
        };
        using var call = server.BareClient.ServerStream(new Note());

        // It stops writing when all windows and buffers between the two are full.
        await WaitFor.Result(call.ResponseHeadersAsync);
        baseContext.Cancel(s_cause);

        Assert.Same(
            s_cause, Assert.IsType<ContextCanceledException>(await WaitFor.Result(left.Task)).InnerException);
        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(ReadToEndAsync()));

        // One of the two, by what the reset meets on its way: what matters is that it is no end.
        Assert.True(
            failure.StatusCode is StatusCode.Cancelled or StatusCode.Internal, $"{failure.StatusCode}");

        async Task ReadToEndAsync()
        {
            while (await call.ResponseStream.MoveNext())
            {
            }
        }
    }

    [Fact]
    public async Task A_token_of_the_methods_own_ends_one_read_and_not_the_call()
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.ClientStream = async (requests, call) =>
        {
            using var impatient = new CancellationTokenSource();
            var read = requests.MoveNext(impatient.Token);
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
            return new Note { Text = call.RequestContext.IsDone ? "done" : "live" };
        };
        using var call = server.BareClient.ClientStream();

        Assert.Equal("live", (await WaitFor.Result(call.ResponseAsync)).Text);
    }

    private static Task<ProbeServer> StartAsync(Context baseContext) =>
        ProbeServer.StartAsync(builder =>
            builder.Services.AddBaton(options => options.BaseContext = baseContext));
}
