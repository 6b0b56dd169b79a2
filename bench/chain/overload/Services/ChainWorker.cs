using System.Text.Json;

namespace Baton.Overload;

/// <summary>
/// Runs the three services in a process beside the client's, and tells what their work has cost.
/// </summary>
internal static class ChainWorker
{
    internal const string Flag = "--serve";
    internal const string Spent = "spent";
    internal const string Stall = "stall";

    internal static async Task RunAsync(Manner manner, bool isCpuBound)
    {
        using var resource = new Resource(isCpuBound);
        await using var stock = await ChainApps.StartStockAsync(manner, resource);
        await using var orders = await ChainApps.StartOrdersAsync(manner, stock.Urls.Single());
        await using var gateway = await ChainApps.StartGatewayAsync(manner, orders.Urls.Single());
        Console.WriteLine(gateway.Urls.Single());
        while (Console.ReadLine() is { } line)
        {
            switch (line)
            {
                case Spent:
                    Console.WriteLine(JsonSerializer.Serialize(await resource.TakeSpentAsync()));
                    break;
                case Stall:
                    resource.Stall(Times.Stall);
                    Console.WriteLine(Stall);
                    break;
            }
        }

        Environment.Exit(0);
    }
}
