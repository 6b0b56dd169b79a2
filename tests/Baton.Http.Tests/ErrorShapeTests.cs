using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

#pragma warning disable CA1416 // QUIC is asked for before it is used.

/// <summary>
/// The same exception from each version of HTTP, wherever in the exchange the context ends.
/// </summary>
public sealed class ErrorShapeTests
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("3.0")]
    public async Task A_cancel_before_the_headers_is_the_contexts_own_exception(string version)
    {
        Wire.SkipUnlessHere(version);
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        using var ctx = Context.Background.WithCancel();
        var calling = client.GetAsync(ctx, "/silent");
        await WaitFor.Completion(peer.Arrived);

        var cause = new InvalidOperationException("no longer wanted");
        ctx.Cancel(cause);

        var error = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
        Assert.Same(cause, error.InnerException);
        Assert.Equal(ctx.Done, error.CancellationToken);
        Assert.NotNull(error.TransportException);
        await WaitFor.Completion(peer.Left);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("3.0")]
    public async Task A_deadline_before_the_headers_is_the_contexts_own_exception(string version)
    {
        Wire.SkipUnlessHere(version);
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        var cause = new InvalidOperationException("budget spent");
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMilliseconds(100), cause);

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            WaitFor.Result(client.GetAsync(ctx, "/silent")));

        Assert.Same(cause, error.InnerException);
        Assert.Equal(ctx.Done, error.CancellationToken);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("3.0")]
    public async Task A_cancel_while_the_body_is_collected_is_the_contexts_own_exception(string version)
    {
        Wire.SkipUnlessHere(version);
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        using var ctx = Context.Background.WithCancel();
        var calling = client.GetStringAsync(ctx, "/endless");
        await WaitFor.Completion(peer.Arrived);

        ctx.Cancel();

        var error = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
        Assert.Equal(ctx.Done, error.CancellationToken);
        await WaitFor.Completion(peer.Left);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("3.0")]
    public async Task
        A_cancel_during_a_read_of_the_body_is_the_contexts_own_exception_and_aborts_the_exchange(
            string version)
    {
        Wire.SkipUnlessHere(version);
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        using var ctx = Context.Background.WithCancel();
        await using var body = await WaitFor.Result(client.GetStreamAsync(ctx, "/endless"));
        Assert.Equal(1, await body.ReadAsync(new byte[10]));
        var reading = body.ReadAsync(new byte[10]).AsTask();

        ctx.Cancel();

        var error = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(reading));
        Assert.Equal(ctx.Done, error.CancellationToken);
        Assert.NotNull(error.TransportException);
        await WaitFor.Completion(peer.Left);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("3.0")]
    public async Task
        A_read_of_the_body_after_the_deadline_is_the_contexts_own_exception_and_aborts_the_exchange(
            string version)
    {
        Wire.SkipUnlessHere(version);
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        var clock = new FakeTimeProvider();
        var cause = new InvalidOperationException("budget spent");
        using var ctx = Context.Root(clock)
            .WithTimeout(TimeSpan.FromHours(1), cause);
        using var response = await WaitFor.Result(
            client.GetAsync(ctx, "/endless", HttpCompletionOption.ResponseHeadersRead));
        var body = await response.Content.ReadAsStreamAsync();
        Assert.Equal(1, await body.ReadAsync(new byte[10]));

        clock.Advance(TimeSpan.FromHours(1));

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            body.ReadAsync(new byte[10]).AsTask());
        Assert.Same(cause, error.InnerException);
        Assert.Throws<DeadlineExceededException>(() => body.ReadByte());
        await Assert.ThrowsAsync<DeadlineExceededException>(() => body.CopyToAsync(Stream.Null));
        await WaitFor.Completion(peer.Left);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_read_that_blocks_its_thread_ends_with_the_context(string version)
    {
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        using var ctx = Context.Background.WithCancel();
        await using var body = await WaitFor.Result(client.GetStreamAsync(ctx, "/endless"));
        Assert.Equal((int)'.', body.ReadByte());
        var reading = Task.Factory.StartNew(body.ReadByte, TaskCreationOptions.LongRunning);

        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(reading));
        await WaitFor.Completion(peer.Left);
    }

    [Theory]
    [InlineData("1.1", "/silent")]
    [InlineData("1.1", "/endless")]
    [InlineData("2.0", "/silent")]
    [InlineData("2.0", "/endless")]
    public async Task The_clients_own_timeout_is_what_it_is_without_Baton(string version, string path)
    {
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        client.Timeout = TimeSpan.FromMilliseconds(50);
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));

        var error = await Assert.ThrowsAsync<TaskCanceledException>(() =>
            WaitFor.Result(client.GetAsync(ctx, path)));

        Assert.IsType<TimeoutException>(error.InnerException);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_failure_of_the_peer_is_what_it_is_without_Baton(string version)
    {
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<HttpRequestException>(() => WaitFor.Result(client.GetAsync(ctx, "/abort")));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_failure_of_the_peer_in_the_body_is_what_it_is_without_Baton(string version)
    {
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        var collecting = client.GetStringAsync(ctx, "/abort-in-body");
        using var response = await WaitFor.Result(
            client.GetAsync(ctx, "/abort-in-body", HttpCompletionOption.ResponseHeadersRead));
        var body = await response.Content.ReadAsStreamAsync();

        peer.BreakOff();

        await Assert.ThrowsAsync<HttpRequestException>(() => WaitFor.Result(collecting));
        await Assert.ThrowsAnyAsync<IOException>(() => WaitFor.Completion(body.CopyToAsync(Stream.Null)));
    }

    [Fact]
    public async Task A_status_of_failure_is_what_it_is_without_Baton()
    {
        await using var peer = await Peer.StartAsync("1.1");
        using var client = peer.Client();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));

        var error = await Assert.ThrowsAsync<HttpRequestException>(() =>
            WaitFor.Result(client.GetStringAsync(ctx, "/nowhere")));

        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Without_the_handler_the_shape_is_the_same()
    {
        await using var peer = await Peer.StartAsync("1.1");
        using var client = new HttpClient { BaseAddress = peer.Address };
        using var ctx = Context.Background.WithCancel();
        await using var body = await WaitFor.Result(client.GetStreamAsync(ctx, "/endless"));
        var calling = client.GetStringAsync(ctx, "/silent");
        await WaitFor.Completion(peer.Arrived);

        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
        await Assert.ThrowsAsync<ContextCanceledException>(() => body.ReadAsync(new byte[10]).AsTask());
    }
}
