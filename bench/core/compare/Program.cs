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

var comparison = new Comparison("bench/core/compare", options);
if (comparison.Error is { } wrong)
{
    return Bench.Refuse(wrong, Options.Usage);
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
    var go = await comparison.BuildGoAsync(".", "acts");
    var machine = MachineInfo.Read(go?.Version ?? "no Go");
    var effort = options.Quick ? Effort.Quick : Effort.Full;
    var sections = new List<Section> { await SectionAsync("", isServerGC: false) };
    if (options.ServerGC)
    {
        sections.Add(await SectionAsync(", with `DOTNET_gcServer=1`", isServerGC: true));
    }

    var report = new Report(machine, effort, comparison.Command(args), sections);
    comparison.Publish(
        machine,
        MarkdownReport.Tables(report),
        () => JsonReport.Write(report),
        notes => MarkdownReport.Page(report, notes));
    return report.IsMissed ? 1 : 0;

    async Task<Section> SectionAsync(string title, bool isServerGC)
    {
        var session = new Session(effort, [.. picked.Select(static pair => pair.Act)], go?.Path, isServerGC);
        await session.RunAsync(Console.Error.WriteLine);
        return new Section(
            title, [.. picked.Select(pair => new Row(pair.Group, pair.Act, session.Figures[pair.Act]))]);
    }
}
