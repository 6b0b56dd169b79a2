using Baton.Measuring;
using Baton.ServerBench;

if (args is [AppWorker.Flag, .. var kinds])
{
    await AppWorker.RunAsync(kinds.Select(Enum.Parse<Kind>));
    return 0;
}

if (Options.Parse(args, out var error) is not { } options)
{
    return Bench.Refuse(error, Options.Usage);
}

var comparison = new Comparison("bench/server/compare", options);
if (comparison.Error is { } wrong)
{
    return Bench.Refuse(wrong, Options.Usage);
}

return await Bench.RunAsync(MeasureAsync);

async Task<int> MeasureAsync()
{
    var go = await comparison.BuildGoAsync("./server", "server");
    var machine = MachineInfo.Read(go?.Version ?? "no Go");
    var effort = options.Quick ? Effort.Quick : Effort.Full;
    var report = new Report(machine, effort, comparison.Command(args), await TablesAsync(effort, go));
    comparison.Publish(machine, report.Text(), report.Json, report.Page);
    return report.IsMissed ? 1 : 0;
}

async Task<Table[]> TablesAsync(Effort effort, GoProgram? go)
{
    Action<string> progress = Console.Error.WriteLine;
    var throughput = new Throughput(effort, options.Picks);
    var closing = new Closing(effort);
    var waiting = new Waiting(effort);
    var starting = new Starting(effort);
    await throughput.RunAsync(go, progress);
    if (Closing.IsPicked(options.Picks))
    {
        await closing.RunAsync(go, progress);
    }

    if (Waiting.IsPicked(options.Picks))
    {
        await waiting.RunAsync(go, progress);
    }

    if (Starting.IsPicked(options.Picks))
    {
        await starting.RunAsync(progress);
    }

    return
    [
        new("Requests a second", [.. throughput.Rates]),
        new("Processor time of one request", [.. throughput.ProcessorTimes]),
        new("Allocated by one request", [.. throughput.Bytes]),
        new("From the client's leaving to the handler", [.. closing.Rows]),
        new("Held by one request", [.. waiting.Rows]),
        new("Start", [.. starting.Rows]),
    ];
}
