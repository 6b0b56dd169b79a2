using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>Calls that a thread with a synchronization context of its own blocks on.</summary>
public sealed class BlockingCallTests
{
    [Theory]
    [InlineData("string")]
    [InlineData("bytes")]
    [InlineData("stream")]
    public async Task The_end_of_a_call_does_not_need_the_blocked_thread(string kind)
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromMilliseconds(5));
        using var client = new HttpClient(new BatonHandler(new Unanswered()));
        using var thread = new SingleThread();

        var (called, ended) = thread.Block(() => kind switch
        {
            "string" => client.GetStringAsync(ctx, "http://service/"),
            "bytes" => client.GetByteArrayAsync(ctx, "http://service/"),
            _ => client.GetStreamAsync(ctx, "http://service/"),
        });
        await WaitFor.Completion(called);
        Assert.False(ended.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(5));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(ended));
    }

    /// <summary>A network that never answers, and itself does not need the caller's thread.</summary>
    private sealed class Unanswered : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            throw new InvalidOperationException("The wait ends only by the token.");
        }
    }
}
