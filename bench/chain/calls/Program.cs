using Baton;
using Baton.Calls;
using Baton.Measuring;

const string Usage = $"""
    Usage: calls [--quick]   a call with a context against the same call of a plain client: a minute,
                             a few seconds with --quick
    {Bench.ExitCodes}
    """;

// Says what the run can tell apart.
const string Control = "a plain client against another";

if (args is not ([] or ["--quick"]))
{
    return Bench.Refuse($"'{string.Join(' ', args)}' is not understood.", Usage);
}

return await Bench.RunAsync(async () =>
{
    var (rounds, calls) = args.Length > 0 ? (60, 200) : (400, 200);
    using var peer = new Peer();
    using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
    var machine = MachineInfo.Read("–");
    Console.WriteLine(Bench.Text(
        $"{machine.Cores} cores; {rounds} rounds of 4 × {calls} calls in sequence, HTTP/1.1 over loopback."));
    Bench.Note(machine.Warning);
    Console.WriteLine();
    Console.WriteLine(CallComparison.Heading);
    var judgements = new List<Judgement>();
    foreach (var pair in Pairs(peer.Address, ctx))
    {
        using (pair)
        {
            var found = await pair.MeasureAsync(rounds, calls);
            Console.WriteLine(found);
            if (found.Name == Control)
            {
                continue;
            }

            var ratio = found.Throughput.Median;
            judgements.Add(Judgement.AtLeast(0.97, $"{found.Name}: throughput", ratio, "×"));
            judgements.Add(Judgement.AtMost(400, $"{found.Name}: more", found.More, "B"));
        }
    }

    Console.WriteLine();
    judgements.ForEach(Console.WriteLine);
    Console.WriteLine(Judgement.Summary(judgements));
    return judgements.Any(static one => one.Verdict == Verdict.Missed) ? 1 : 0;
});

Pair[] Pairs(Uri url, Context ctx)
{
    const HttpCompletionOption Headers = HttpCompletionOption.ResponseHeadersRead;
    var token = ctx.Done;
    return
    [
        new(
            Control,
            new Kind(Kind.Bare(), client => client.GetAsync(url, token)),
            new Kind(Kind.Bare(), client => client.GetAsync(url, token))),
        new(
            "with a context",
            new Kind(Kind.Bare(), client => client.GetAsync(url, token)),
            new Kind(Kind.WithBaton(), client => client.GetAsync(ctx, url))),
        new(
            "with a context, answer streamed",
            new Kind(Kind.Bare(), client => client.GetAsync(url, Headers, token)),
            new Kind(Kind.WithBaton(), client => client.GetAsync(ctx, url, Headers))),
        new(
            "without a context",
            new Kind(Kind.Bare(), client => client.GetAsync(url)),
            new Kind(Kind.WithBaton(), client => client.GetAsync(url))),
    ];
}
