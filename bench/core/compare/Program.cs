using Baton.Compare;
using Baton.Measuring;

if (args is [Worker.Flag, var flavour])
{
    Worker.Run(isBaton: flavour == "baton");
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

var picked = Catalogue.Groups
    .SelectMany(static group => group.Acts.Select(act => (Group: group.Title, Act: act)))
    .Where(pair =>
        $"{pair.Act.Name} {pair.Act.Title}".Contains(options.Only, StringComparison.OrdinalIgnoreCase))
    .ToArray();
if (picked.Length == 0)
{
    return Bench.Refuse($"No act's name contains '{options.Only}'.", Options.Usage);
}

return await Bench.RunAsync(MeasureAsync);

async Task<int> MeasureAsync()
{
    var go = toolchain is null ? null : await GoProgram.BuildAsync(toolchain, ".", "acts");
    var machine = MachineInfo.Read(go?.Version ?? "no Go");
    var effort = options.Quick ? Effort.Quick : Effort.Full;
    var sections = new List<Section> { await SectionAsync("", isServerGC: false) };
    if (options.ServerGC)
    {
        sections.Add(await SectionAsync(", with `DOTNET_gcServer=1`", isServerGC: true));
    }

    var command = string.Join(' ', ["dotnet run -c Release --project bench/core/compare --", .. args]);
    var report = new Report(machine, effort, command, sections);
    Console.Write(MarkdownReport.Tables(report));
    Bench.Note(machine.Warning);
    Bench.Note(go is null ? $"There is {GoProgram.Missing}." : null);
    Bench.Write(options.Json, () => JsonReport.Write(report));
    Bench.Write(options.Markdown, () => MarkdownReport.Page(
        report, File.ReadAllText(Path.Combine(Bench.Root, "bench", "core", "compare", "notes.md"))));
    return report.IsMissed ? 1 : 0;

    async Task<Section> SectionAsync(string title, bool isServerGC)
    {
        var session = new Session(effort, [.. picked.Select(static pair => pair.Act)], go?.Path, isServerGC);
        await session.RunAsync(Console.Error.WriteLine);
        return new Section(
            title, [.. picked.Select(pair => new Row(pair.Group, pair.Act, session.Figures[pair.Act]))]);
    }
}
