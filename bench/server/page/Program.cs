using System.Globalization;
using Baton.Measuring;
using Baton.PageBench;

// What the page of requests costs the requests: how long it takes to write what it shows, how soon it shows what has
// happened, and how long it holds the locks that requests wait for.
const string Usage = """
    dotnet run -c Release --project bench/server/page -- [options]

      --requests N      requests in flight; 5,000 by default
      --quick           a few seconds: for a look, not for a verdict

    """ + Bench.ExitCodes;

if (Arguments.Parse(args, ["--quick"], ["--requests"], out var error) is not { } given)
{
    return Bench.Refuse(error, Usage);
}

if (!int.TryParse(given.Value("--requests") ?? "5000", NumberStyles.None, CultureInfo.InvariantCulture, out var requests)
    || requests is 0 or > 20_000)
{
    return Bench.Refuse("--requests is a number from 1 to 20000.", Usage);
}

return await Bench.RunAsync(async () =>
{
    await using var server = await PageServer.StartAsync(requests);
    Console.WriteLine(Bench.Text($"{Environment.ProcessorCount} cores, {requests:#,0} requests in flight."));
    Console.WriteLine();
    Console.WriteLine($"{"",-52}{"median",10}{"p99",10}{"longest",10}");
    Figure[] figures =
    [
        Snapshot.Measure(server, given.Has("--quick") ? 100 : 1_000),
        .. await Showing.MeasureAsync(server, given.Has("--quick") ? 10 : 100),
        .. Locks.Measure(server, given.Has("--quick") ? 50 : 500),
    ];
    foreach (var figure in figures)
    {
        Console.WriteLine(figure.Text);
    }

    return Array.TrueForAll(figures, static figure => figure.IsMet) ? 0 : 1;
});
