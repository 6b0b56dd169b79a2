using Baton.Hops;
using Baton.Measuring;

const string Usage = $"""
    Usage: hops [--quick]   2,000 requests of each kind; a tenth of that with --quick
    {Bench.ExitCodes}
    """;

if (args is not ([] or ["--quick"]))
{
    return Bench.Refuse($"'{string.Join(' ', args)}' is not understood.", Usage);
}

return await Bench.RunAsync(async () =>
{
    var requests = args.Length > 0 ? 200 : 2000;
    await using var bare = new BareChain();
    await using var baton = new BatonChain();
    await bare.StartAsync();
    await baton.StartAsync();

    var (ofBare, ofBaton) = (new List<double>(), new List<double>());
    for (var i = -requests / 4; i < requests; i++)
    {
        // In turns, and each of them first as often as the other.
        var (first, second) = i % 2 == 0 ? (bare as Chain, baton as Chain) : (baton, bare);
        var one = (await first.LeaveAsync()).TotalMicroseconds;
        var two = (await second.LeaveAsync()).TotalMicroseconds;
        if (i >= 0)
        {
            ofBare.Add(first == bare ? one : two);
            ofBaton.Add(first == bare ? two : one);
        }
    }

    Console.WriteLine(
        "From the client's close to the last handler that goes on, over HTTP/1.1, HTTP/2 and gRPC: "
        + $"{requests} requests of each kind, in turns.");
    Bench.Note(MachineInfo.Read("none").Warning);
    Console.WriteLine(Bench.Text($"{"",-8}{"tokens",12}{"Baton",12}{"ratio",8}"));
    var judgements = new[] { Row("median", 0.5), Row("p99", 0.99) };
    foreach (var judgement in judgements)
    {
        Console.WriteLine(judgement);
    }

    Console.WriteLine(Judgement.Summary(judgements));
    return judgements.Any(static one => one.Verdict == Verdict.Missed) ? 1 : 0;

    Judgement Row(string name, double part)
    {
        var (tokens, ours) = (Statistics.At(ofBare, part), Statistics.At(ofBaton, part));
        Console.WriteLine(Bench.Text($"{name,-8}{tokens,9:0} µs{ours,9:0} µs{ours / tokens,8:0.00}"));
        return Judgement.AtMost(1.3, $"{name} of Baton to that of tokens", ours / tokens, "×");
    }
});
