using System.Diagnostics;

namespace Baton.Compare;

/// <summary>The program in <c>bench/go</c>, built with a toolchain that is at hand.</summary>
internal sealed record GoProgram(string Path, string Version)
{
    internal const string Missing =
        "no Go: `bash bench/go/get` fetches a toolchain, or name one with `--go DIR`";

    private static readonly string s_suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>The folder named, or the one that <c>bench/go/get</c> fills; null if there is none.</summary>
    internal static string? Find(string root, string? named)
    {
        var folder = System.IO.Path.GetFullPath(named ?? System.IO.Path.Combine(root, "artifacts", "go", "toolchain"));
        return File.Exists(Tool(folder)) ? folder : null;
    }

    internal static async Task<GoProgram> BuildAsync(string root, string toolchain)
    {
        var program = System.IO.Path.Combine(root, "artifacts", "go", "acts" + s_suffix);
        await RunAsync(root, toolchain, "build", "-o", program, ".");
        var version = await RunAsync(root, toolchain, "env", "GOVERSION");
        return new GoProgram(program, version.Trim());
    }

    private static string Tool(string toolchain) => System.IO.Path.Combine(toolchain, "bin", "go" + s_suffix);

    private static async Task<string> RunAsync(string root, string toolchain, params string[] args)
    {
        var start = new ProcessStartInfo(Tool(toolchain), args)
        {
            WorkingDirectory = System.IO.Path.Combine(root, "bench", "go"),
            RedirectStandardOutput = true,
        };
        start.Environment["GOROOT"] = toolchain;
        start.Environment["GOTOOLCHAIN"] = "local";
        start.Environment["GOPROXY"] = "off";
        start.Environment["GOCACHE"] = System.IO.Path.Combine(root, "artifacts", "go", "cache");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"go {string.Join(' ', args)} ended with {process.ExitCode}.");
    }
}
