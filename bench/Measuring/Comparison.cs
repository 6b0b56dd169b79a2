namespace Baton.Measuring;

/// <summary>A program that compares Baton with .NET and Go, and writes a page about it.</summary>
/// <param name="folder">Where it and its <c>notes.md</c> are, from the root of the repository.</param>
/// <param name="options">What the command line asks for.</param>
public sealed class Comparison(string folder, ComparisonOptions options)
{
    private readonly string? _toolchain = GoProgram.Find(options.Go);

    /// <summary>What is wrong with the options; null if nothing is.</summary>
    public string? Error =>
        _toolchain is null && options.Go is { } named ? $"{named} does not hold bin/go." : null;

    /// <summary>Builds Go's side; null where there is no Go.</summary>
    /// <param name="package">The folder of the program, from <c>bench/go</c>.</param>
    /// <param name="name">What to call the program that is built.</param>
    public async Task<GoProgram?> BuildGoAsync(string package, string name) =>
        _toolchain is null ? null : await GoProgram.BuildAsync(_toolchain, package, name);

    /// <summary>The command to repeat the run with.</summary>
    public string Command(string[] args) =>
        string.Join(' ', [$"dotnet run -c Release --project {folder} --", .. args]);

    /// <summary>Prints the tables, and writes the files that the options ask for.</summary>
    /// <param name="machine">Where it ran.</param>
    /// <param name="tables">The tables, as text.</param>
    /// <param name="json">Makes the file of figures.</param>
    /// <param name="page">Makes the page; it is given what was written by hand, which goes below the tables.</param>
    public void Publish(MachineInfo machine, string tables, Func<string> json, Func<string, string> page)
    {
        ArgumentNullException.ThrowIfNull(machine);
        Console.Write(tables);
        Bench.Note(machine.Warning);
        Bench.Note(_toolchain is null ? $"There is {GoProgram.Missing}." : null);
        Bench.Write(options.Json, json);
        Bench.Write(
            options.Markdown, () => page(File.ReadAllText(Path.Combine(Bench.Root, folder, "notes.md"))));
    }
}
