using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Baton.AspNetCore.Tests;

/// <summary>A running samples/hello.</summary>
internal sealed class HelloProgram : IDisposable
{
    private static readonly string s_dotnet =
        Environment.ProcessPath is { } host && IsDotnet(host) ? host : "dotnet";

    /// <summary>
    /// A shell starts what runs in the background with Ctrl+C ignored, and everything started by that inherits it, down to
    /// the program here. This gives the program the default back, where the system's env can.
    /// </summary>
    private static readonly Lazy<string[]> s_withInterrupt = new(static () =>
    {
        string[] command = ["env", "--default-signal=INT"];
        try
        {
            var probe = new ProcessStartInfo(command[0], [command[1], "true"]) { RedirectStandardError = true };
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

    private HelloProgram(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The built sample, of the configuration this test was built in.</summary>
    internal static string Path { get; } = Repository.PathTo(
        "artifacts", "bin", "hello", new DirectoryInfo(AppContext.BaseDirectory).Name, "hello.dll");

    internal required Uri Address { get; init; }

    internal string[] Output => [.. _output];

    internal string[] Errors => [.. _errors];

    internal static HelloProgram Run(string url, bool byEnvironment = false)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] command = [.. s_withInterrupt.Value, s_dotnet, Path];
        start.FileName = command[0];
        Array.ForEach(command[1..], start.ArgumentList.Add);

        // What the test's own environment says must not decide for the program.
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment.Remove("URLS");
        if (byEnvironment)
        {
            start.Environment["ASPNETCORE_URLS"] = url;
        }
        else
        {
            start.ArgumentList.Add("--urls");
            start.ArgumentList.Add(url);
        }

        return new HelloProgram(start) { Address = new Uri(url) };
    }

    /// <summary>Runs it on a free port, and waits until it takes connections.</summary>
    internal static async Task<HelloProgram> StartAsync(bool byEnvironment = false)
    {
        var hello = Run($"http://127.0.0.1:{FreePort()}", byEnvironment);
        await WaitFor.True(() =>
        {
            Assert.False(hello._process.HasExited, string.Join('\n', hello.Errors));
            try
            {
                using var probe = new TcpClient();
                probe.Connect(IPAddress.Loopback, hello.Address.Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
        return hello;
    }

    /// <summary>A client that has asked for /hello. It leaves when the socket is disposed.</summary>
    internal async Task<Socket> AskAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        await socket.SendAsync("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        return socket;
    }

    internal Task<int> StopAsync(PosixSignal signal)
    {
        using var kill = Process.Start("kill", [$"-{signal.ToString()[3..]}", $"{_process.Id}"]);
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

    private static bool IsDotnet(string path) => System.IO.Path.GetFileNameWithoutExtension(path) == "dotnet";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
