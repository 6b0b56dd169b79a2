using System.Diagnostics;
using System.Globalization;
using System.Net;
using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>A server as its driver sees it.</summary>
internal sealed class ServerProcess : IDisposable
{
    internal const string Bytes = "bytes";
    internal const string Live = "live";
    internal const string Entered = "entered";
    internal const string Resumed = "resumed";

    private readonly LineProcess _process;
    private readonly Uri[] _addresses;

    private ServerProcess(LineProcess process, Uri[] addresses) =>
        (_process, _addresses) = (process, addresses);

    internal IPEndPoint EndPoint => new(IPAddress.Loopback, _addresses[0].Port);

    internal TimeSpan ProcessorTime => _process.ProcessorTime;

    internal static Task<ServerProcess> StartAsync(Kind kind) =>
        StartAsync(LineProcess.StartSelf([AppWorker.Flag, kind.ToString()]));

    internal static Task<ServerProcess> StartGoAsync(GoProgram program) =>
        StartAsync(LineProcess.Start(new ProcessStartInfo(program.Path)));

    internal Uri Address(Protocol protocol, string path) => new(_addresses[(int)protocol], path);

    /// <summary>What it has allocated so far, in bytes.</summary>
    internal Task<long> BytesAsync() => AskAsync(Bytes);

    /// <summary>What is live after a full collection, in bytes.</summary>
    internal Task<long> LiveAsync() => AskAsync(Live);

    /// <summary>Waits until one more request waits in /hello.</summary>
    internal Task EnteredAsync() => AskAsync(Entered);

    /// <summary>
    /// Waits until one more request has resumed there, and says when that was, as <see cref="Probe.Now"/>.
    /// </summary>
    internal Task<long> ResumedAsync() => AskAsync(Resumed);

    public void Dispose() => _process.Dispose();

    private static async Task<ServerProcess> StartAsync(LineProcess process)
    {
        var addresses = await process.ReadAsync("start");
        return new ServerProcess(
            process, [.. addresses.Split(' ').Select(static address => new Uri(address))]);
    }

    private async Task<long> AskAsync(string question) =>
        long.Parse(await _process.AskAsync(question), CultureInfo.InvariantCulture);
}

internal enum Protocol
{
    Http1,
    Http2,
}
