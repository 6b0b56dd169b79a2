using System.Globalization;

namespace Baton.ServerBench;

/// <summary>
/// Serves applications in a process of its own, and answers questions about it: a line for a line.
/// </summary>
/// <remarks>
/// First it prints the addresses of each, for HTTP/1.1 and for HTTP/2. <c>bench/go/server</c> does the same.
/// </remarks>
internal static class AppWorker
{
    internal const string Flag = "--serve";

    internal static async Task RunAsync(IEnumerable<Kind> kinds)
    {
        var probe = new Probe();
        var addresses = new List<string>();
        foreach (var kind in kinds)
        {
            var app = Apps.Build(kind, probe);
            await app.StartAsync();
            addresses.AddRange(app.Urls);
        }

        Console.WriteLine(string.Join(' ', addresses));
        while (Console.ReadLine() is { } line)
        {
            Console.WriteLine(await AnswerAsync(line, probe));
        }

        // Whoever still waits in /hello is not waited for.
        Environment.Exit(0);
    }

    private static async ValueTask<string> AnswerAsync(string line, Probe probe) => line switch
    {
        ServerProcess.Bytes => Number(GC.GetTotalAllocatedBytes(precise: true)),
        ServerProcess.Live => Number(Live()),
        ServerProcess.Entered => Number(await probe.EnteredAsync() ? 1 : 0),
        ServerProcess.Resumed => Number(await probe.ResumedAsync()),
        _ => throw new ArgumentException($"'{line}' is not a question.", nameof(line)),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
