using System.Collections.Concurrent;
using System.Diagnostics;

namespace Baton.Http.Tests;

/// <summary>Whoever listens is told of calls that begin and end.</summary>
public sealed class CallEventTests
{
    [Fact]
    public async Task A_listener_is_told_of_a_call_and_of_nothing_that_a_user_may_have_written()
    {
        var events = new ConcurrentQueue<(string Name, IReadOnlyDictionary<string, object?> Call)>();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMinutes(5));
        using var listening = Listen(ctx, events);
        using var client = new HttpClient(new BatonHandler(new Failing()));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(ctx, "http://ann:secret@stock.example:8080/users/ann?x=1"));

        Assert.Equal(["Baton.Call.Start", "Baton.Call.Stop"], events.Select(static one => one.Name));
        var call = events.First().Call;
        Assert.Same(call, events.Last().Call);
        Assert.Equal(("http://stock.example:8080", "GET"), (call["Target"], call["Operation"]));
        Assert.InRange((TimeSpan)call["Remaining"]!, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(5));
    }

    private static Listening Listen(
        Context ctx, ConcurrentQueue<(string Name, IReadOnlyDictionary<string, object?> Call)> events)
    {
        var subscription = new Listening(ctx, events);
        subscription.Held.Add(DiagnosticListener.AllListeners.Subscribe(subscription));
        return subscription;
    }

    /// <summary>Other tests make calls at the same time, so only those of one context count.</summary>
    private sealed class Listening(
        Context ctx, ConcurrentQueue<(string Name, IReadOnlyDictionary<string, object?> Call)> events)
        : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        internal ConcurrentBag<IDisposable> Held { get; } = [];

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Baton.Http")
            {
                Held.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is IReadOnlyDictionary<string, object?> call && ReferenceEquals(call["Context"], ctx))
            {
                events.Enqueue((value.Key, call));
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose()
        {
            foreach (var one in Held)
            {
                one.Dispose();
            }
        }
    }

    private sealed class Failing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException("refused");
    }
}
