using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Baton.Tests;

/// <summary>A program of this repository that was built along with the tests, and runs beside them.</summary>
internal abstract class DotnetProgram : IDisposable
{
    private static readonly string s_dotnet =
        Environment.ProcessPath is { } host && IsDotnet(host) ? host : "dotnet";

    /// <summary>
    /// A shell starts what runs in the background with Ctrl+C ignored, and everything started from there
    /// inherits that, down to the program here. This command gives the program the defaults back, where the
    /// system's env can.
    /// </summary>
    private static readonly Lazy<string[]> s_withDefaultSignals = new(static () =>
    {
        string[] command = ["env", "--default-signal"];
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
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] command = [.. s_withDefaultSignals.Value, s_dotnet, PathOf(name), .. arguments];
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

    /// <summary>Waits for something about the program. Fails if the program ends without it.</summary>
    internal Task Until(Func<bool> condition) => WaitFor.True(() =>
    {
        var hasExited = _process.HasExited;
        var isMet = condition();
        Assert.False(hasExited && !isMet, string.Join('\n', [.. Output, .. Errors]));
        return isMet;
    });

    internal Task PrintedAsync(string line) => Until(() => Output.Contains(line));

    /// <summary>Sends the signals, with nothing in between.</summary>
    internal void Send(params PosixSignal[] signals)
    {
        var commands = signals.Select(signal => $"kill -{signal.ToString()[3..]} {_process.Id}");
        using var shell = Process.Start("sh", ["-c", string.Join(';', commands)]);
        shell.WaitForExit();
    }

    internal Task SayAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Ends the program's input, so that a program that reads it ends by itself.</summary>
    internal Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        return ExitAsync();
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
