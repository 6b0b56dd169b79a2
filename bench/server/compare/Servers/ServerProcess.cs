using System.Diagnostics;
using System.Globalization;
using System.Net;
using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>A server as its driver sees it. Servers may share a process.</summary>
internal sealed class ServerProcess : IDisposable
{
    internal const string Bytes = "bytes";
    internal const string Live = "live";
    internal const string Entered = "entered";
    internal const string Resumed = "resumed";

    private readonly LineProcess _process;
    private readonly Uri[] _addresses;
    private readonly bool _isFirst;

    private ServerProcess(LineProcess process, Uri[] addresses, bool isFirst) =>
        (_process, _addresses, _isFirst) = (process, addresses, isFirst);

    internal IPEndPoint EndPoint => new(IPAddress.Loopback, _addresses[0].Port);

    internal TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>Starts one process for all of them.</summary>
    internal static Task<ServerProcess[]> StartAsync(params Kind[] kinds) =>
        StartAsync(LineProcess.StartSelf([AppWorker.Flag, .. kinds.Select(static kind => $"{kind}")]));

    internal static async Task<ServerProcess> StartGoAsync(GoProgram program) =>
        (await StartAsync(LineProcess.Start(new ProcessStartInfo(program.Path))))[0];

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

    /// <summary>Ends its process, if it is the first that was started there.</summary>
    public void Dispose()
    {
        if (_isFirst)
        {
            _process.Dispose();
        }
    }

    private static async Task<ServerProcess[]> StartAsync(LineProcess process)
    {
        var addresses = await process.ReadAsync("start");
        return
        [
            .. addresses.Split(' ')
                .Select(static address => new Uri(address))
                .Chunk(Enum.GetValues<Protocol>().Length)
                .Select((some, i) => new ServerProcess(process, some, isFirst: i == 0)),
        ];
    }

    private async Task<long> AskAsync(string question) =>
        long.Parse(await _process.AskAsync(question), CultureInfo.InvariantCulture);
}

internal enum Protocol
{
    Http1,
    Http2,
}
