using System.Diagnostics;
using Baton.Http;

namespace Baton.Overload;

/// <summary>
/// Clients that ask at a steady rate, whatever becomes of their answers, and wait no longer than their
/// deadline.
/// </summary>
internal sealed class Crowd(Manner manner, Uri gateway) : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(5);

    private readonly HttpClient _client = new(manner.IsBaton()
        ? new BatonHandler(new SocketsHttpHandler(), new BatonHttpOptions { Reserve = Times.Reserve })
        : new SocketsHttpHandler())
    {
        BaseAddress = gateway,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private int _next;

    /// <summary>Asks so often a second, and waits for the last answer.</summary>
    /// <param name="perSecond">The rate.</param>
    /// <param name="time">For how long.</param>
    /// <param name="middle">Called once, when half of the time is over.</param>
    internal async Task<(Asked[] All, double Middle)> AskAsync(
        double perSecond, TimeSpan time, Func<Task>? middle = null)
    {
        var asked = new List<Task<Asked>>();
        var at = 0.0;
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time;)
        {
            if (middle is not null && Stopwatch.GetElapsedTime(start) > time / 2)
            {
                at = Stopwatch.GetElapsedTime(start).TotalSeconds;
                await middle();
                middle = null;
            }

            while (asked.Count < Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond)
            {
                asked.Add(AskAsync(_next++, start));
            }

            await Task.Delay(s_tick);
        }

        return (await Task.WhenAll(asked), at);
    }

    public void Dispose() => _client.Dispose();

    private async Task<Asked> AskAsync(int id, long start)
    {
        var sent = Stopwatch.GetElapsedTime(start);
        try
        {
            await GetAsync($"/checkout/{id}");
            return new Asked(
                id, sent.TotalSeconds, (Stopwatch.GetElapsedTime(start) - sent).TotalMilliseconds);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            return new Asked(id, sent.TotalSeconds, null);
        }
    }

    private async Task GetAsync(string path)
    {
        if (manner.IsBaton())
        {
            using var ctx = Context.Background.WithTimeout(Times.Client);
            await _client.GetStringAsync(ctx, path);
        }
        else
        {
            using var deadline = new CancellationTokenSource(Times.Client);
            await _client.GetStringAsync(path, deadline.Token);
        }
    }
}
