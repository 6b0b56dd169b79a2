using System.Net;

namespace Baton.Http.Tests;

/// <summary>What the caller sends may stall: the file system hangs, another service does not go on.</summary>
public sealed class UploadTests
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_upload_that_waits_for_its_source_does_not_delay_a_cancel(string version)
    {
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        using var ctx = Context.Background.WithCancel();
        using var content = new Stalled();
        var calling = client.PostAsync(ctx, "/upload", content);
        await WaitFor.Completion(content.Started);

        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
        Assert.False(content.Ended.IsCompleted);
        await WaitFor.Completion(peer.Left);
        content.Release();
        await Assert.ThrowsAsync<OperationCanceledException>(() => WaitFor.Completion(content.Ended));
    }

    /// <summary>What .NET does. When this fails, docs/http.md need no longer say so.</summary>
    [Fact]
    public async Task Over_HTTP_1_a_plain_client_waits_for_the_source()
    {
        await using var peer = await Peer.StartAsync("1.1");
        using var client = new HttpClient { BaseAddress = peer.Address };
        using var source = new CancellationTokenSource();
        using var content = new Stalled();
        var calling = client.PostAsync("/upload", content, source.Token);
        await WaitFor.Completion(content.Started);

        await source.CancelAsync();

        await WaitFor.Completion(peer.Left);
        Assert.False(calling.IsCompleted);
        content.Release();
        await Assert.ThrowsAsync<TaskCanceledException>(() => WaitFor.Result(calling));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_source_that_blocks_its_thread_does_delay_it(string version)
    {
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        using var ctx = Context.Background.WithCancel();
        using var content = new Blocking();
        var calling = Task.Factory.StartNew(
            () => client.PostAsync(ctx, "/upload", content), TaskCreationOptions.LongRunning).Unwrap();
        await WaitFor.Completion(content.Started);

        ctx.Cancel();

        Assert.False(calling.IsCompleted);
        content.Release();
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_call_that_is_too_late_reads_nothing_of_what_it_was_to_send(string version)
    {
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        using var ctx = Context.Background.WithTimeout(TimeSpan.Zero);
        using var content = new Stalled();

        await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            WaitFor.Result(client.PostAsync(ctx, "/upload", content)));

        Assert.False(content.Started.IsCompleted);
        Assert.False(peer.Arrived.IsCompleted);
    }

    /// <summary>A body that starts, and then takes no notice of its token.</summary>
    private sealed class Stalled : HttpContent
    {
        private readonly TaskCompletionSource _started =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly TaskCompletionSource _ended = new();

        internal Task Started => _started.Task;

        /// <summary>How the write ended that it makes when it goes on.</summary>
        internal Task Ended => _ended.Task;

        internal void Release() => _released.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[1]);
            await stream.FlushAsync();
            _started.TrySetResult();
            await _released.Task;
            try
            {
                await stream.WriteAsync(new byte[1]);
                _ended.SetResult();
            }
            catch (Exception e)
            {
                _ended.SetException(e);
                throw;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A body that starts, and then holds the thread that it is read on.</summary>
    private sealed class Blocking : HttpContent
    {
        private readonly TaskCompletionSource _started =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        internal Task Started => _started.Task;

        internal void Release() => _released.Set();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _started.TrySetResult();
            _released.Wait();
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _released.Dispose();
            base.Dispose(disposing);
        }
    }
}
