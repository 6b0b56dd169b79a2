using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Baton.AspNetCore.Tests;

/// <summary>A program of this repository that was built along with the tests, and runs beside them.</summary>
internal abstract class DotnetProgram : IDisposable
{
    private static readonly string s_dotnet =
        Environment.ProcessPath is { } host && IsDotnet(host) ? host : "dotnet";

    /// <summary>
    /// A shell starts what runs in the background with Ctrl+C ignored, and everything started by that
    /// inherits it, down to the program here. This gives the program the default back, where the system's env
    /// can.
    /// </summary>
    private static readonly Lazy<string[]> s_withInterrupt = new(static () =>
    {
        string[] command = ["env", "--default-signal=INT"];
        try
        {
            var probe = new ProcessStartInfo(command[0], [command[1], "true"])
            {
                RedirectStandardError = true,
            };
            using var process = Process.Start(probe)!;
            process.WaitForExit();
            return process.ExitCode == 0 ? command : [];
        }
        catch (Win32Exception)
        {
            return [];
        }
    });

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];

    private protected DotnetProgram(
        string name, string[] arguments, Action<ProcessStartInfo>? configure = null)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] command = [.. s_withInterrupt.Value, s_dotnet, PathOf(name), .. arguments];
        start.FileName = command[0];
        Array.ForEach(command[1..], start.ArgumentList.Add);

        // What the test's own environment says must not decide for the program.
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment.Remove("URLS");
        configure?.Invoke(start);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal string[] Output => [.. _output];

    internal string[] Errors => [.. _errors];

    /// <summary>Waits for something about the program, as long as it runs.</summary>
    internal Task Until(Func<bool> condition) => WaitFor.True(() =>
    {
        Assert.False(_process.HasExited, string.Join('\n', Errors));
        return condition();
    });

    internal void Send(PosixSignal signal)
    {
        using var kill = Process.Start("kill", [$"-{signal.ToString()[3..]}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    internal Task<int> StopAsync(PosixSignal signal)
    {
        Send(signal);
        return ExitAsync();
    }

    internal async Task<int> ExitAsync()
    {
        // Also waits until the last line has been read.
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

    private static void Add(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    private static bool IsDotnet(string path) => Path.GetFileNameWithoutExtension(path) == "dotnet";

    /// <summary>The built program, of the configuration this test was built in.</summary>
    private protected static string PathOf(string name) => Path.Combine(
        Repository.PathTo("artifacts", "bin", name), new DirectoryInfo(AppContext.BaseDirectory).Name,
        $"{name}.dll");
}
