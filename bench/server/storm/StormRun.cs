using Baton.Measuring;

namespace Baton.Storm;

/// <summary>
/// The storm, in waves: between two of them everybody has left, and the server is looked at.
/// </summary>
internal sealed class StormRun(Options options, int seed)
{
    private const double MostMilliseconds = 50;

    /// <summary>Less than one context for each client, with what belongs to it.</summary>
    private const double MostBytesPerClient = 100;

    private const int FewestClients = 5000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly List<(double Clients, double LiveBytes)> _lives = [];

    internal Leftovers Before { get; private set; } = null!;

    internal Leftovers After { get; private set; } = null!;

    internal GoodLoadResult Good { get; private set; } = null!;

    internal IReadOnlyList<(string Way, int Clients)> Counts { get; private set; } = [];

    internal IReadOnlyList<(double Clients, double LiveBytes)> Lives => _lives;

    /// <summary>
    /// The bytes by which the server grows with each client, over the last two thirds of the waves. NaN for
    /// so few clients that the server's own ups and downs are more.
    /// </summary>
    internal double BytesPerClient =>
        _lives[^1].Clients < FewestClients ? double.NaN : Slope.Of(_lives[(_lives.Count / 3)..]);

    internal IEnumerable<Judgement> Judgements =>
    [
        .. After.Judge(Before),
        Judgement.AtMost(MostBytesPerClient, "growth with each client", BytesPerClient, "B"),
        Judgement.AtMost(MostMilliseconds, "p99 of the good load", Good.P99, "ms"),
        Judgement.AtMost(0, "errors of the good load", Good.Errors, ""),
        Judgement.AtMost(0, "errors in the log", After.Errors, ""),
    ];

    internal async Task RunAsync(Action<string> progress)
    {
        using var server = await StormServer.StartAsync(Kind.Watched);
        Before = await server.LookAsync();
        await WarmAsync(server);
        var wave = new Wave(server, seed, options.Clients);
        using (var load = GoodLoad.Start(server))
        {
            var waves = Math.Max(6, options.Seconds / 6);
            for (var i = 0; i < waves; i++)
            {
                await wave.RunAsync(TimeSpan.FromSeconds((double)options.Seconds / waves));
                await PauseAsync(server);
                var look = await server.LookAsync();
                _lives.Add((wave.Clients, look.LiveBytes));
                progress(Bench.Text($"wave {i + 1} of {waves}: {wave.Clients:#,0} clients, {look.Handlers} handlers run, {look.LiveBytes / 1024:#,0} KiB are live"));
            }

            Good = await GoodLoad.StopAsync(load);
        }

        After = await server.SettleAsync(Before, s_patience);
        Counts = [.. wave.Counts];
    }

    // Compiles the code, and fills the pools that stay.
    private async Task WarmAsync(StormServer server)
    {
        using var load = GoodLoad.Start(server);
        await new Wave(server, ~seed, options.Clients).RunAsync(TimeSpan.FromSeconds(2));
        await GoodLoad.StopAsync(load);
    }

    // The good load goes on: only a handler or two of its own may run.
    private static async Task PauseAsync(StormServer server)
    {
        var give = TimeProvider.System.GetTimestamp();
        while ((await server.LookAsync()).Handlers > GoodLoad.PerSecond / 10
            && TimeProvider.System.GetElapsedTime(give) < s_patience)
        {
            await Task.Delay(50);
        }
    }
}
