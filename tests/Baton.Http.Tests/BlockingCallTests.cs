using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>Calls that a thread with a synchronization context of its own blocks on.</summary>
public sealed class BlockingCallTests
{
    /// <summary>
    /// The response says that the caller's deadline has passed a little before it passes here, and the call
    /// waits for that.
    /// </summary>
    [Theory]
    [InlineData("string")]
    [InlineData("bytes")]
    [InlineData("stream")]
    public async Task A_call_that_waits_for_the_end_of_its_context_does_not_need_the_blocked_thread(
        string kind)
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromMilliseconds(5));
        using var client = new HttpClient(new BatonHandler(new LateService()));
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

    /// <summary>Responds at once, so that the call never leaves the thread of its caller.</summary>
    private sealed class LateService : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.GatewayTimeout)
            {
                RequestMessage = request,
            };
            response.Headers.Add("Baton-Deadline-Exceeded", "caller");
            return Task.FromResult(response);
        }
    }
}
