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
        Assert.False(content.Ended);
        await WaitFor.Completion(peer.Left);
        content.Release();
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

        internal Task Started => _started.Task;

        internal bool Ended { get; private set; }

        internal void Release() => _released.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[1]);
            await stream.FlushAsync();
            _started.TrySetResult();
            await _released.Task;
            Ended = true;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
