using System.Net.Sockets;
using Baton.Measuring;

namespace Baton.Storm;

/// <summary>
/// HTTP/2 rapid reset: streams are opened and reset at once, by the ten thousand, against Kestrel alone, with
/// Baton, and Kestrel alone once more. What the first and the last differ by is the machine's doing. Each server
/// is first given as many resets as its code needs to be compiled for good: 10,000 were far too few, and what was
/// measured then was the compiler, which has more methods to compile with Baton.
/// </summary>
internal sealed class Flood(int rounds, int warmUp, int resets)
{
    private const int Connections = 4;
    private const int Burst = 50;

    internal int Resets => resets;

    internal Series ProcessorTime { get; } = new();

    internal Series PeakKib { get; } = new();

    internal Floor ProcessorTimeFloor { get; } = new();

    internal Floor PeakFloor { get; } = new();

    internal IEnumerable<Judgement> Judgements =>
    [
        Judgement.AtMost(
            ProcessorTimeFloor.Limit, "resets, processor time to Kestrel alone", Middle(ProcessorTime), "×"),
        Judgement.AtMost(PeakFloor.Limit, "resets, memory to Kestrel alone", Middle(PeakKib), "×"),
    ];

    internal async Task RunAsync(Action<string> progress)
    {
        for (var round = 0; round < rounds; round++)
        {
            progress($"resets, round {round + 1} of {rounds}");
            var before = await MeasureAsync(Kind.Bare);
            var baton = await MeasureAsync(Kind.Baton);
            var after = await MeasureAsync(Kind.Bare);
            ProcessorTime.Add((before.Microseconds + after.Microseconds) / 2, baton.Microseconds, null);
            ProcessorTimeFloor.Add(before.Microseconds, after.Microseconds);
            PeakKib.Add((before.PeakKib + after.PeakKib) / 2, baton.PeakKib, null);
            if (before.PeakKib is { } one && after.PeakKib is { } other)
            {
                PeakFloor.Add(one, other);
            }
        }
    }

    private async Task<(double Microseconds, double? PeakKib)> MeasureAsync(Kind kind)
    {
        using var server = await StormServer.StartAsync(kind);
        await FloodAsync(server, warmUp);
        var before = server.ProcessorTime;
        await FloodAsync(server, resets);
        return ((server.ProcessorTime - before).TotalMicroseconds / resets, server.PeakKib);
    }

    private static Task FloodAsync(StormServer server, int count) => Task.WhenAll(
        Enumerable.Range(0, Connections).Select(_ => FloodOneAsync(server, count / Connections)));

    private static async Task FloodOneAsync(StormServer server, int count)
    {
        while (count > 0)
        {
            try
            {
                using var connection = await RapidConnection.OpenAsync(server.Http2);
                for (; count > 0; count -= Burst)
                {
                    await connection.BurstAsync("/wait", Burst);
                }
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // The server has had enough of this connection; that burst counts.
                count -= Burst;
            }
        }
    }

    private static double Middle(Series series) =>
        series.BatonToDotNet.Count == 0 ? double.NaN : series.BatonToDotNet.Median;
}
