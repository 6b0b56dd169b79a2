using System.Globalization;
using System.Net;
using System.Text.Json;
using Baton.Measuring;

namespace Baton.Storm;

/// <summary>The server as the storm sees it.</summary>
internal sealed class StormServer : IDisposable
{
    private readonly LineProcess _process;
    private readonly int _id;

    private StormServer(LineProcess process, string[] words)
    {
        _process = process;
        Http1 = new IPEndPoint(IPAddress.Loopback, new Uri(words[0]).Port);
        Http2 = new IPEndPoint(IPAddress.Loopback, new Uri(words[1]).Port);
        _id = int.Parse(words[2], CultureInfo.InvariantCulture);
    }

    internal IPEndPoint Http1 { get; }

    internal IPEndPoint Http2 { get; }

    internal TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>The most memory it has had so far, in KiB; null where the system does not tell.</summary>
    internal double? PeakKib
    {
        get
        {
            var status = $"/proc/{_id}/status";
            var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(static line =>
                line.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
            return line is null ? null : double.Parse(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        }
    }

    internal static async Task<StormServer> StartAsync(Kind kind)
    {
        var process = LineProcess.StartSelf([StormWorker.Flag, kind.ToString()]);
        return new StormServer(process, (await process.ReadAsync("start")).Split(' '));
    }

    internal async Task<Leftovers> LookAsync() =>
        JsonSerializer.Deserialize<Leftovers>(await _process.AskAsync("look"))!;

    /// <summary>Looks until nothing is left, or no longer.</summary>
    internal async Task<Leftovers> SettleAsync(Leftovers before, TimeSpan patience)
    {
        var give = TimeProvider.System.GetTimestamp();
        var left = await LookAsync();
        while (!left.IsAsBefore(before) && TimeProvider.System.GetElapsedTime(give) < patience)
        {
            await Task.Delay(100);
            left = await LookAsync();
        }

        return left;
    }

    public void Dispose() => _process.Dispose();
}
