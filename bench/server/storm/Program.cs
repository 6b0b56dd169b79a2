using Baton.Measuring;
using Baton.Storm;

switch (args)
{
    case [StormWorker.Flag, var kind]:
        await StormWorker.RunAsync(Enum.Parse<Kind>(kind));
        return 0;
    case [GoodLoad.Flag, var http1, var http2]:
        await GoodLoad.RunAsync(new Uri(http1), new Uri(http2));
        return 0;
}

if (Options.Parse(args, out var error) is not { } options)
{
    return Bench.Refuse(error, Options.Usage);
}

return await Bench.RunAsync(async () =>
{
    var seed = options.Seed ?? Random.Shared.Next();
    var machine = MachineInfo.Read("–");
    var storm = new StormRun(options, seed);
    var flood = options.Quick
        ? new Flood(rounds: 1, warmUp: 10_000, resets: 10_000)
        : new Flood(rounds: 7, warmUp: 400_000, resets: 200_000);
    await storm.RunAsync(Console.Error.WriteLine);
    await flood.RunAsync(Console.Error.WriteLine);
    var command = string.Join(' ', ["dotnet run -c Release --project bench/server/storm --", .. args]);
    var report = new Report(machine, command, options, seed, storm, flood);
    Console.Write(report.Text());
    Bench.Note(machine.Warning);
    Bench.Write(options.Json, report.Json);
    Bench.Write(options.Markdown, report.Page);
    return report.IsMissed ? 1 : 0;
});
