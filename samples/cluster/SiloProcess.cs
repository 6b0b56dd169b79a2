using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Cluster;

/// <summary>A silo in a process of its own. It ends with this process.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SiloProcess(string name, Process process, int gateway) => (Name, _process, Gateway) = (name, process, gateway);

    internal string Name { get; }

    internal int Id => _process.Id;

    /// <summary>The port for clients.</summary>
    internal int Gateway { get; }

    /// <summary>Starts this program once more, as a silo, and waits until it is part of the cluster.</summary>
    internal static async Task<SiloProcess> StartAsync(string name, int port, int primary, Timeline timeline)
    {
        var gateway = FreePorts(1)[0];
        string[] args = ["silo", $"{port}", $"{gateway}", $"{primary}"];
        var host = Environment.ProcessPath!;
        var start = Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? new ProcessStartInfo(host, [typeof(SiloProcess).Assembly.Location, .. args])
            : new ProcessStartInfo(host, args);
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        var silo = new SiloProcess(name, Process.Start(start)!, gateway);
        var ready = new TaskCompletionSource();
        silo._process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == Timeline.Ready)
            {
                ready.TrySetResult();
            }
            else if (line.Data is { } said)
            {
                timeline.Hear(name, said);
            }
            else
            {
                ready.TrySetException(new InvalidOperationException($"Silo {name} has ended."));
            }
        };
        silo._process.BeginOutputReadLine();
        try
        {
            await ready.Task;
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    internal static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, static listener => listener.Start());
        var ports = listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port).Order().ToArray();
        Array.ForEach(listeners, static listener => listener.Dispose());
        return ports;
    }

    /// <summary>SIGKILL: the silo can tell nobody.</summary>
    internal void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
