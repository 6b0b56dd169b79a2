using Baton.Compare;

if (args is [Worker.Flag, var flavour])
{
    Worker.Run(isBaton: flavour == "baton");
    return 0;
}

if (Options.Parse(args, out var error) is not { } options)
{
    return Refuse(error);
}

var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "Baton.slnx")))
{
    root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("This runs within its repository.");
}

var toolchain = GoProgram.Find(root, options.Go);
if (toolchain is null && options.Go is { } named)
{
    return Refuse($"{named} does not hold bin/go.");
}

var picked = Catalogue.Groups
    .SelectMany(static group => group.Acts.Select(act => (Group: group.Title, Act: act)))
    .Where(pair => pair.Act.Name.Contains(options.Only, StringComparison.Ordinal))
    .ToArray();
if (picked.Length == 0)
{
    return Refuse($"No act's name contains '{options.Only}'.");
}

try
{
    return await MeasureAsync();
}
catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException or System.ComponentModel.Win32Exception)
{
    Console.Error.WriteLine($"It could not be measured: {e.Message}");
    return 3;
}

async Task<int> MeasureAsync()
{
    var go = toolchain is null ? null : await GoProgram.BuildAsync(root, toolchain);
    var machine = MachineInfo.Read(root, go?.Version ?? "no Go");
    var effort = options.Quick ? Effort.Quick : Effort.Full;
    var sections = new List<Section> { await SectionAsync("", isServerGC: false) };
    if (options.ServerGC)
    {
        sections.Add(await SectionAsync(", with `DOTNET_gcServer=1`", isServerGC: true));
    }

    var command = string.Join(' ', ["dotnet run -c Release --project bench/compare --", .. args]);
    var report = new Report(machine, effort, command, sections);
    Console.Write(MarkdownReport.Tables(report));
    Note(machine.Warning);
    Note(go is null ? $"There is {GoProgram.Missing}." : null);
    Write(options.Json, () => JsonReport.Write(report));
    Write(options.Markdown, () => MarkdownReport.Page(report, File.ReadAllText(Path.Combine(root, "bench", "compare", "notes.md"))));
    return report.IsMissed ? 1 : 0;

    async Task<Section> SectionAsync(string title, bool isServerGC)
    {
        var session = new Session(effort, [.. picked.Select(static pair => pair.Act)], go?.Path, isServerGC);
        await session.RunAsync(Console.Error.WriteLine);
        return new Section(title, [.. picked.Select(pair => new Row(pair.Group, pair.Act, session.Figures[pair.Act]))]);
    }
}

static int Refuse(string error)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine();
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

static void Note(string? note)
{
    if (note is not null)
    {
        Console.WriteLine(note);
    }
}

static void Write(string? file, Func<string> text)
{
    if (file is not null)
    {
        File.WriteAllText(file, text());
    }
}
