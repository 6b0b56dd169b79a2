using System.Text.Json;

namespace Baton.Storm;

/// <summary>
/// Serves the application in a process of its own, and answers every line with what is left.
/// </summary>
internal static class StormWorker
{
    internal const string Flag = "--serve";

    internal static async Task RunAsync(Kind kind)
    {
        var watch = new Watch();
        await using var app = StormApp.Build(kind, watch);
        await app.StartAsync();
        Console.WriteLine($"{string.Join(' ', app.Urls)} {Environment.ProcessId}");
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine(JsonSerializer.Serialize(watch.Look()));
        }

        Environment.Exit(0);
    }
}
