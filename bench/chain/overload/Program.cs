using Baton.Measuring;
using Baton.Overload;

if (args is [ChainWorker.Flag, var manner, var isCpuBound])
{
    await ChainWorker.RunAsync(Enum.Parse<Manner>(manner), bool.Parse(isCpuBound));
    return 0;
}

if (Options.Parse(args, out var error) is not { } options)
{
    return Bench.Refuse(error, Options.Usage);
}

return await Bench.RunAsync(async () =>
{
    var machine = MachineInfo.Read("–");
    var effort = options.Quick ? Effort.Quick : Effort.Full;
    var run = new OverloadRun(effort, options.IsCpuBound);
    await run.RunAsync(Console.Error.WriteLine);
    var command = string.Join(' ', ["dotnet run -c Release --project bench/chain/overload --", .. args]);
    var report = new Report(machine, command, effort.Rule(options.IsCpuBound), options.Svg, run);
    Console.Write(report.Text());
    Bench.Note(machine.Warning);
    Bench.Write(options.Json, report.Json);
    Bench.Write(options.Markdown, report.Page);
    Bench.Write(options.Svg, () => Chart.Draw(run.Outcomes, Times.Capacity(options.IsCpuBound)));
    return report.IsMissed ? 1 : 0;
});
