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

var toolchain = GoProgram.Find(options.Go);
if (toolchain is null && options.Go is { } named)
{
    return Bench.Refuse($"{named} does not hold bin/go.", Options.Usage);
}

return await Bench.RunAsync(MeasureAsync);

async Task<int> MeasureAsync()
{
    var go = toolchain is null ? null : await GoProgram.BuildAsync(toolchain, "./server", "server");
    var machine = MachineInfo.Read(go?.Version ?? "no Go");
    var effort = options.Quick ? Effort.Quick : Effort.Full;
    var command = string.Join(' ', ["dotnet run -c Release --project bench/server/compare --", .. args]);
    var report = new Report(machine, effort, command, await TablesAsync(effort, go));
    Console.Write(report.Text());
    Bench.Note(machine.Warning);
    Bench.Note(go is null ? $"There is {GoProgram.Missing}." : null);
    Bench.Write(options.Json, report.Json);
    Bench.Write(options.Markdown, () => report.Page(
        File.ReadAllText(Path.Combine(Bench.Root, "bench", "server", "notes.md"))));
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
