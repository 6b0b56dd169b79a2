using Baton.DataBench;
using Baton.Measuring;

const string Usage = $"""
    Usage: data [--quick] [--no-storms] [--only-storms]
                                          a statement with a context against one of plain Npgsql and EF Core, then
                                          storms of 50 and of 500 statements; two minutes, half a minute with --quick
    {Bench.ExitCodes}
    """;

if (Arguments.Parse(args, ["--quick", "--no-storms", "--only-storms"], [], out var error) is not { } arguments)
{
    return Bench.Refuse(error, Usage);
}

return await Bench.RunAsync(async () =>
{
    using var server = PostgresServer.Start(connections: 1100, out var failure);
    if (server is null)
    {
        Console.Error.WriteLine(failure);
        return 3;
    }

    var machine = MachineInfo.Read("–");
    Console.WriteLine(Bench.Text($"{machine.Cores} cores; PostgreSQL over loopback, on the same machine."));
    Bench.Note(machine.Warning);
    var judgements = new List<Judgement>();
    var isQuick = arguments.Has("--quick");
    if (!arguments.Has("--only-storms"))
    {
        await StatementCosts.MeasureAsync(server.ConnectionString, isQuick ? 40 : 300, judgements);
    }

    if (!arguments.Has("--no-storms"))
    {
        await Storms.MeasureAsync(server, isQuick ? [50] : [50, 500], judgements);
    }

    Console.WriteLine();
    judgements.ForEach(Console.WriteLine);
    Console.WriteLine(Judgement.Summary(judgements));
    return judgements.Any(static one => one.Verdict == Verdict.Missed) ? 1 : 0;
});
