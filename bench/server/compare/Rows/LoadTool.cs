using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Baton.ServerBench;

/// <summary>The programs that load a server: wrk over HTTP/1.1, h2load over HTTP/2.</summary>
internal static class LoadTool
{
    private const int Connections = 32;
    private const int Http2Connections = 4;
    private const int StreamsEach = 16;

    internal static async Task<LoadOutput> RunAsync(Protocol protocol, Uri address, TimeSpan wholeSeconds)
    {
        var seconds = ((int)wholeSeconds.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return protocol == Protocol.Http1
            ? LoadOutput.ParseWrk(
                await RunAsync("wrk", ["-t", "1", "-c", $"{Connections}", "-d", seconds, $"{address}"]))
            : LoadOutput.ParseH2Load(await RunAsync(
                "h2load", ["-t", "1", "-c", $"{Http2Connections}", "-m", $"{StreamsEach}", "-D", seconds,
                    $"{address}"]));
    }

    private static async Task<string> RunAsync(string tool, string[] args)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(tool, args) { RedirectStandardOutput = true })!;
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? text : throw new InvalidOperationException(
                $"{tool} {string.Join(' ', args)} ended with {process.ExitCode}.");
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(
                $"{tool} could not be started. On Debian: apt-get install wrk nghttp2-client. For rows that need neither: --only closing, waiting or starting.", e);
        }
    }
}
