using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Baton.Tests;

/// <summary>A running tests/programs/signals, to send real signals to.</summary>
internal sealed class SignalProgram : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];

    private SignalProgram(string[] asksFor)
    {
        var path = Repository.PathTo(
            "artifacts", "bin", "signals", new DirectoryInfo(AppContext.BaseDirectory).Name, "signals.dll");

        // A shell starts what runs in the background with Ctrl+C ignored, and everything that is started from
        // there inherits it. This gives the program the defaults back.
        var start = new ProcessStartInfo("env", ["--default-signal", "dotnet", path, .. asksFor])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                _output.Enqueue(line.Data);
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
    }

    internal string[] Output => [.. _output];

    internal static async Task<SignalProgram> StartAsync(params string[] asksFor)
    {
        var program = new SignalProgram(asksFor);
        await program.PrintedAsync("ready");
        return program;
    }

    internal Task PrintedAsync(string line) => WaitFor.True(() =>
    {
        var hasExited = _process.HasExited;
        var isPrinted = Output.Contains(line);
        Assert.False(hasExited && !isPrinted, string.Join('\n', Output));
        return isPrinted;
    });

    /// <summary>Sends the signals, with nothing in between.</summary>
    internal void Send(params PosixSignal[] signals)
    {
        var commands = signals.Select(signal => $"kill -{signal.ToString()[3..]} {_process.Id}");
        using var shell = Process.Start("sh", ["-c", string.Join(';', commands)]);
        shell.WaitForExit();
    }

    internal Task SayAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Ends its input, so that it ends by itself.</summary>
    internal Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        return ExitAsync();
    }

    internal async Task<int> ExitAsync()
    {
        await WaitFor.Completion(_process.WaitForExitAsync());
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
