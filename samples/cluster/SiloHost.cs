using System.Net;

namespace Cluster;

/// <summary>What a silo's process does.</summary>
internal static class SiloHost
{
    internal static async Task RunAsync(int port, int gateway, int primary)
    {
        // The pipe ends with the process that started this one, also if that one is killed.
        _ = Task.Run(static () =>
        {
            while (Console.ReadLine() is not null)
            {
            }

            Environment.Exit(0);
        });
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, gateway, new IPEndPoint(IPAddress.Loopback, primary));
            silo.Services.AddPlacementDirector<OnSilo, OnSiloDirector>();
            silo.AddBaton();
        });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(Timeline.Ready);
        await host.WaitForShutdownAsync();
    }
}
