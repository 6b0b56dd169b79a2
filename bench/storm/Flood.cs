using System.Net.Sockets;
using Baton.Measuring;

namespace Baton.Storm;

/// <summary>
/// HTTP/2 rapid reset: streams are opened and reset at once, by the ten thousand, against Kestrel alone and with Baton.
/// </summary>
internal sealed class Flood(int rounds, int resets)
{
    private const int Connections = 4;
    private const int Burst = 50;

    /// <summary>No worse, within what two equal runs differ by.</summary>
    private const double Most = 1.05;

    internal int Resets => resets;

    internal Series ProcessorTime { get; } = new();

    internal Series PeakKib { get; } = new();

    internal IEnumerable<Judgement> Judgements =>
    [
        Judgement.AtMost(Most, "resets, processor time to Kestrel alone", Middle(ProcessorTime), "×"),
        Judgement.AtMost(Most, "resets, memory to Kestrel alone", Middle(PeakKib), "×"),
    ];

    internal async Task RunAsync(Action<string> progress)
    {
        Kind[] kinds = [Kind.Bare, Kind.Baton];
        for (var round = 0; round < rounds; round++)
        {
            progress($"resets, round {round + 1} of {rounds}");
            var times = new double?[kinds.Length];
            var peaks = new double?[kinds.Length];
            for (var i = 0; i < kinds.Length; i++)
            {
                var turn = (round + i) % kinds.Length;
                (times[turn], peaks[turn]) = await MeasureAsync(kinds[turn]);
            }

            ProcessorTime.Add(times[0], times[1], null);
            PeakKib.Add(peaks[0], peaks[1], null);
        }
    }

    private async Task<(double Microseconds, double? PeakKib)> MeasureAsync(Kind kind)
    {
        using var server = await StormServer.StartAsync(kind);
        await FloodAsync(server, resets / 10);
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

    private static double Middle(Series series) => series.BatonToDotNet.Count == 0 ? double.NaN : series.BatonToDotNet.Median;
}
