using System.Diagnostics;

namespace Baton.Measuring;

/// <summary>A process that is spoken to in lines, and leaves at the end of its input.</summary>
public sealed class LineProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    private LineProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
    }

    /// <summary>The time that its threads have had of the processors.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static LineProcess Start(ProcessStartInfo start) => new(start);

    /// <summary>Starts the program that is running once more, with other arguments.</summary>
    public static LineProcess StartSelf(IEnumerable<string> args, bool isServerGC = false)
    {
        var start = DotNet(System.Reflection.Assembly.GetEntryAssembly()!.Location, args);
        if (isServerGC)
        {
            start.Environment["DOTNET_gcServer"] = "1";
        }

        return new LineProcess(start);
    }

    /// <summary>
    /// How to start a program of .NET, so that nothing of the caller's shell changes how it runs.
    /// </summary>
    public static ProcessStartInfo DotNet(string assembly, params IEnumerable<string> args)
    {
        var host = Environment.ProcessPath!;
        var start = Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? new ProcessStartInfo(host, [assembly, .. args])
            : new ProcessStartInfo(
                Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null), args);
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    public async Task<string> AskAsync(string request)
    {
        await TellAsync(request);
        return await ReadAsync(request);
    }

    public async Task TellAsync(string request)
    {
        await _process.StandardInput.WriteLineAsync(request);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The next line.</summary>
    /// <param name="awaited">What it is the answer to, for the error if there is none.</param>
    public async Task<string> ReadAsync(string awaited) =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience)
            ?? throw new InvalidOperationException($"A worker ended at '{awaited}'.");

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        (name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith("DOTNET_ROOT", StringComparison.OrdinalIgnoreCase))
        || name.StartsWith("COMPlus_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.Equals("URLS", StringComparison.OrdinalIgnoreCase);
}
