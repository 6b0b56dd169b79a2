using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>From the start of a program until its first answer.</summary>
internal sealed class Starting(Effort effort)
{
    private const string Name = "starting";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Row _row = new(Name, "start of `samples/hello` to its first answer", Unit.Milliseconds)
    {
        Bars = [new(Held.Time, 1.1)],
    };

    internal static bool IsPicked(Func<string, bool> picks) => picks(Name);

    internal IEnumerable<Row> Rows => [_row];

    internal async Task RunAsync(Action<string> progress)
    {
        progress("starts");
        string[] programs = ["bare", "hello"];
        for (var round = -1; round < effort.Starts; round++)
        {
            var found = new double[programs.Length];
            for (var i = 0; i < programs.Length; i++)
            {
                var turn = (round + 1 + i) % programs.Length;
                found[turn] = await StartAsync(programs[turn]);
            }

            // The first of each finds its files not in memory.
            if (round >= 0)
            {
                _row.Figures.Add(found[0], found[1], null);
            }
        }
    }

    private static async Task<double> StartAsync(string program)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var assembly = Path.Combine(Bench.Root, "artifacts", "bin", program, configuration, $"{program}.dll");
        var server = new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(LineProcess.DotNet(assembly, "--urls", $"http://{server}"))!;
        try
        {
            await AnswerAsync(server);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    // The first answer is that there is nothing at this address: it has been all the way through the
    // pipeline.
    private static async Task AnswerAsync(IPEndPoint server)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(server);
                await client.Client.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
                if (await client.Client.ReceiveAsync(new byte[1024]) > 0)
                {
                    return;
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused
                && Stopwatch.GetElapsedTime(start) < s_patience)
            {
                await Task.Delay(1);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
