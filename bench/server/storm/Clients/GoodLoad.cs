using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Baton.Measuring;

namespace Baton.Storm;

/// <summary>
/// The well-behaved load beside the storm, in a process of its own: steady, whatever becomes of it.
/// </summary>
internal static class GoodLoad
{
    internal const string Flag = "--good";
    internal const int PerSecond = 400;

    private const int Clients = 8;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    internal static LineProcess Start(StormServer server) =>
        LineProcess.StartSelf([Flag, $"http://{server.Http1}/good", $"http://{server.Http2}/good"]);

    internal static async Task<GoodLoadResult> StopAsync(LineProcess load) =>
        JsonSerializer.Deserialize<GoodLoadResult>(await load.AskAsync("stop"))!;

    /// <summary>Runs until it is told to stop, then prints what it saw.</summary>
    internal static async Task RunAsync(Uri http1, Uri http2)
    {
        using var stop = new CancellationTokenSource();
        var times = new ConcurrentQueue<double>();
        var errors = new ConcurrentQueue<string>();
        var clients = Enumerable.Range(0, Clients)
            .Select(i => RunClientAsync(i, i % 2 == 0 ? http1 : http2,
                i % 2 == 0 ? HttpVersion.Version11 : HttpVersion.Version20, times, errors, stop.Token))
            .ToArray();
        Console.ReadLine();
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Console.WriteLine(JsonSerializer.Serialize(new GoodLoadResult(
            times.Count,
            errors.Count,
            errors.FirstOrDefault(),
            Statistics.At(times, 0.5),
            Statistics.At(times, 0.99),
            times.DefaultIfEmpty().Max())));
    }

    // A request is timed from when it was due: one that had to wait for the one before has been late that
    // long.
    private static async Task RunClientAsync(
        int number, Uri address, Version version, ConcurrentQueue<double> times,
        ConcurrentQueue<string> errors, CancellationToken stop)
    {
        using var client = new HttpClient
        {
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = s_patience,
        };
        var interval = TimeSpan.FromSeconds((double)Clients / PerSecond);
        await client.GetStringAsync(address, CancellationToken.None);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var due = interval * (i + ((double)number / Clients));
            var early = due - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, CancellationToken.None);
                due = Stopwatch.GetElapsedTime(start);
            }

            try
            {
                var answer = await client.GetStringAsync(address, CancellationToken.None);
                times.Enqueue((Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
                if (answer != "good\n")
                {
                    errors.Enqueue($"answered '{answer}'");
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                errors.Enqueue(e.Message);
            }
        }
    }
}

/// <summary>What the well-behaved load saw; times in milliseconds.</summary>
internal sealed record GoodLoadResult(
    int Answers, int Errors, string? FirstError, double P50, double P99, double Max);
