using System.Net;
using System.Runtime.CompilerServices;

namespace Baton.Http.Tests;

/// <summary>The body of an answer, when the call has returned with the headers.</summary>
public sealed class BodyTests
{
    [Fact]
    public async Task A_body_that_nobody_reads_is_not_held_by_its_context()
    {
        using var ctx = Context.Background.WithCancel();
        using var client = new HttpClient(new BatonHandler(new Recorder()));

        var response = await StartedAsync(client, ctx);

        await WaitFor.True(() =>
        {
            GC.Collect();
            return !response.IsAlive;
        });
    }

    [Fact]
    public async Task A_body_that_nobody_reads_is_aborted_by_the_next_read_and_not_before()
    {
        using var content = new MemoryStream([1, 2]);
        using var ctx = Context.Background.WithCancel();
        using var client = new HttpClient(new BatonHandler(
            new Recorder((_, _) => new HttpResponseMessage { Content = new StreamContent(content) })));
        await using var body = await client.GetStreamAsync(ctx, "http://orders.internal/");
        Assert.Equal(1, body.ReadByte());

        ctx.Cancel();

        Assert.True(content.CanRead);
        await Assert.ThrowsAsync<ContextCanceledException>(() => body.ReadAsync(new byte[1]).AsTask());
        Assert.False(content.CanRead);
    }

    [Fact]
    public async Task Headers_and_length_of_a_body_are_those_that_came()
    {
        using var client = new HttpClient(new BatonHandler(new Recorder((_, _) => new HttpResponseMessage
        {
            Content = new StringContent("text", System.Text.Encoding.UTF8, "text/plain"),
        })));

        using var response = await client.GetAsync(
            Context.Background, "http://orders.internal/", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(4, response.Content.Headers.ContentLength);
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("text", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_token_of_a_read_ends_that_read_only()
    {
        await using var peer = await Peer.StartAsync("1.1");
        using var client = peer.Client();
        using var ctx = Context.Background.WithCancel();
        await using var body = await WaitFor.Result(client.GetStreamAsync(ctx, "/endless"));
        Assert.Equal(1, await body.ReadAsync(new byte[10]));
        using var source = new CancellationTokenSource();
        var reading = body.ReadAsync(new byte[10], source.Token).AsTask();

        await source.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Result(reading));
        Assert.IsNotType<ContextCanceledException>(error);
        Assert.False(ctx.IsDone);
    }

    [Fact]
    public async Task A_body_larger_than_the_client_takes_is_refused_as_without_Baton()
    {
        using var network = new Recorder((_, _) =>
            new HttpResponseMessage { Content = new ByteArrayContent(new byte[100]) });
        using var client = new HttpClient(new BatonHandler(network)) { MaxResponseContentBufferSize = 99 };

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.GetAsync(Context.Background, "http://orders.internal/"));
    }

    [Fact]
    public async Task A_body_is_disposed_with_its_answer()
    {
        using var content = new CountedContent();
        using var client = new HttpClient(
            new BatonHandler(new Recorder((_, _) => new HttpResponseMessage { Content = content })));

        (await client.GetAsync(Context.Background, "http://orders.internal/",
            HttpCompletionOption.ResponseHeadersRead)).Dispose();

        Assert.Equal(1, content.Disposals);
    }

    [Fact]
    public async Task An_answer_without_success_is_disposed_by_the_methods_that_throw_for_it()
    {
        using var content = new CountedContent();
        using var client = new HttpClient(new BatonHandler(
            new Recorder((_, _) => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = content })));

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.GetStreamAsync(Context.Background, "http://orders.internal/"));

        Assert.Equal(1, content.Disposals);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> StartedAsync(HttpClient client, Context ctx) =>
        new(await client.GetAsync(ctx, "http://orders.internal/", HttpCompletionOption.ResponseHeadersRead));
}
