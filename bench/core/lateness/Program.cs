using Baton.Lateness;

if (args.Length > 0)
{
    Console.Error.WriteLine("Usage: lateness   takes no arguments, and about half a minute");
    return 2;
}

Deadlines[] kinds = [new BatonDeadlines(), new NetDeadlines()];
Console.WriteLine($"{Environment.ProcessorCount} cores; what else runs on them shows below.");
Console.WriteLine();
Console.WriteLine(
    $"{Lateness.Count:N0} deadlines falling due over one second; from due until the token's callback runs:");
Console.WriteLine("                            p50        p99        max      early");
var early = 0;
foreach (var kind in kinds)
{
    // The first run only lets the JIT compile the code.
    await Lateness.MeasureAsync(kind);
    var found = await Lateness.MeasureAsync(kind);
    Console.WriteLine(
        $"{kind.Name,-20}{found.P50,8:F2} ms{found.P99,8:F2} ms{found.Max,8:F2} ms{found.Early,11}");
    early += kind is BatonDeadlines ? found.Early : 0;
}

Console.WriteLine();
Console.WriteLine($"{Idle.Count:N0} deadlines of which none is due, for {Idle.Watched.TotalSeconds:F0} s:");
foreach (var kind in kinds.Prepend(null))
{
    Console.WriteLine(
        $"{kind?.Name ?? "none",-20}{(await Idle.MeasureAsync(kind)).TotalMilliseconds,8:F0} ms of processor time");
}

Console.WriteLine();
Console.WriteLine(
    early == 0 ? "No deadline of Baton's was early." : $"{early} deadlines of Baton's were early.");
return early == 0 ? 0 : 1;
