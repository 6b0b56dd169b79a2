using System.Diagnostics;

namespace Baton.Measuring;

/// <summary>A program in <c>bench/go</c>, built with a toolchain that is at hand.</summary>
public sealed record GoProgram(string Path, string Version)
{
    public const string Missing =
        "no Go: `bash bench/go/get` fetches a toolchain, or name one with `--go DIR`";

    private static readonly string s_suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>The folder named, or the one that <c>bench/go/get</c> fills; null if there is none.</summary>
    public static string? Find(string? named)
    {
        var folder = System.IO.Path.GetFullPath(
            named ?? System.IO.Path.Combine(Bench.Root, "artifacts", "go", "toolchain"));
        return File.Exists(Tool(folder)) ? folder : null;
    }

    /// <param name="toolchain">The folder of the toolchain.</param>
    /// <param name="package">The folder of the program, from <c>bench/go</c>.</param>
    /// <param name="name">What to call the program that is built.</param>
    public static async Task<GoProgram> BuildAsync(string toolchain, string package, string name)
    {
        var program = System.IO.Path.Combine(Bench.Root, "artifacts", "go", name + s_suffix);
        await RunAsync(toolchain, "build", "-o", program, package);
        var version = await RunAsync(toolchain, "env", "GOVERSION");
        return new GoProgram(program, version.Trim());
    }

    private static string Tool(string toolchain) => System.IO.Path.Combine(toolchain, "bin", "go" + s_suffix);

    private static async Task<string> RunAsync(string toolchain, params string[] args)
    {
        var start = new ProcessStartInfo(Tool(toolchain), args)
        {
            WorkingDirectory = System.IO.Path.Combine(Bench.Root, "bench", "go"),
            RedirectStandardOutput = true,
        };
        start.Environment["GOROOT"] = toolchain;
        start.Environment["GOTOOLCHAIN"] = "local";
        start.Environment["GOPROXY"] = "off";
        start.Environment["GOCACHE"] = System.IO.Path.Combine(Bench.Root, "artifacts", "go", "cache");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"go {string.Join(' ', args)} ended with {process.ExitCode}.");
    }
}
