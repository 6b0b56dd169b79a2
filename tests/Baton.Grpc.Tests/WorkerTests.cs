using System.Text.Json;

namespace Baton.Grpc.Tests;

/// <summary>tests/programs/worker: a program that calls out and serves nothing.</summary>
public sealed class WorkerTests
{
    [Fact]
    public async Task A_worker_that_calls_out_carries_no_ASP_NET_Core()
    {
        await using var server = await ProbeServer.StartAsync();
        TimeSpan? left = null;
        server.Methods.Unary = (note, call) =>
        {
            left = call.RequestContext.Remaining;
            return Task.FromResult(note);
        };

        using var worker = new Worker(server.Address);
        Assert.Equal(0, await worker.ExitAsync());

        Assert.Contains("returned: hello", worker.Output);
        Assert.InRange(left!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Contains("loaded: Baton.Grpc", worker.Output);
        Assert.DoesNotContain(
            worker.Output, static line => line.Contains("AspNetCore", StringComparison.Ordinal));
        Assert.Equal(["Microsoft.NETCore.App"], Worker.Frameworks());
    }

    private sealed class Worker(Uri service) : DotnetProgram("worker", [service.ToString(), "hello"])
    {
        /// <summary>The shared frameworks without which the program does not start.</summary>
        internal static string?[] Frameworks()
        {
            var path = Path.ChangeExtension(PathOf("worker"), "runtimeconfig.json");
            using var config = JsonDocument.Parse(File.ReadAllBytes(path));
            var options = config.RootElement.GetProperty("runtimeOptions");
            return options.TryGetProperty("frameworks", out var several)
                ? [.. several.EnumerateArray().Select(static one => one.GetProperty("name").GetString())]
                : [options.GetProperty("framework").GetProperty("name").GetString()];
        }
    }
}
