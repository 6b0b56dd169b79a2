using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Baton.Measuring;

/// <summary>Where and of what the figures were taken.</summary>
public sealed record MachineInfo(
    string Date, string Commit, string Cpu, int Cores, string System, string DotNet, string Go, double? Load)
{
    /// <summary>Above this share of a core taken by others, the figures say little.</summary>
    private const double Busy = 0.5;

    public string? Warning => Load > Busy
        ? Bench.Text($"The machine was busy with something else: a load of {Load:0.0} before the start.")
        : null;

    public static MachineInfo Read(string go) => new(
        DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ReadCommit(),
        ReadCpu(),
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
        RuntimeInformation.FrameworkDescription,
        go,
        ReadLoad());

    /// <summary>The head of a page.</summary>
    /// <param name="command">What writes it.</param>
    /// <param name="source">What to edit instead.</param>
    /// <param name="effort">How much was measured.</param>
    public string Heading(string command, string source, string effort)
    {
        var heading = $"""
            <!-- Written by `{command}`. Edit {source} instead. -->

            | | |
            |---|---|
            | date | {Date} |
            | commit | {Commit} |
            | machine | {Cpu}, {Cores} cores |
            | system | {System} |
            | .NET | {DotNet} |
            | Go | {Go} |
            | command | `{command}` |
            | effort | {effort} |


            """;
        return Warning is null ? heading : $"{heading}**{Warning}**\n\n";
    }

    private static string ReadCpu() => FromProc(
        "/proc/cpuinfo",
        static lines => lines.FirstOrDefault(static line =>
            line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim())
        ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
        ?? "unknown";

    private static double? ReadLoad() =>
        FromProc("/proc/loadavg", static lines => lines.FirstOrDefault()?.Split(' ')[0]) is { } load
            ? double.Parse(load, CultureInfo.InvariantCulture)
            : null;

    private static string? FromProc(string file, Func<IEnumerable<string>, string?> pick) =>
        File.Exists(file) ? pick(File.ReadLines(file)) : null;

    private static string ReadCommit()
    {
        try
        {
            var start = new ProcessStartInfo("git", ["describe", "--always", "--dirty"])
            {
                WorkingDirectory = Bench.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var git = Process.Start(start)!;
            var name = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return name.Length > 0 ? name : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
