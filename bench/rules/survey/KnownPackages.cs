using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Survey;

/// <summary>
/// What the applications are compiled against: .NET, ASP.NET Core, Baton, and the newest version of each package that some
/// build has restored on this machine.
/// </summary>
internal sealed partial class KnownPackages
{
    private static readonly string[] s_frameworks =
        ["net10.", "net9.", "net8.", "net7.", "net6.", "net5.", "netstandard2.1", "netstandard2.0", "netcoreapp"];

    internal KnownPackages()
    {
        var inBox = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => path.Contains("/shared/Microsoft.") || Path.GetFileName(path).StartsWith("Baton", StringComparison.Ordinal))
            .Where(static path => Path.GetFileName(path) is not ("Baton.Analyzers.dll" or "Baton.CodeFixes.dll")).ToList();
        var names = inBox.Select(Path.GetFileName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var files = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Packages().SelectMany(FilesOf).Where(file => !names.Contains(Path.GetFileName(file))))
        {
            files[Path.GetFileName(file)] = file;
        }

        References = [.. inBox.Concat(files.Values).Select(static path => MetadataReference.CreateFromFile(path))];
    }

    internal IReadOnlyList<MetadataReference> References { get; }

    // Not what would make each project one of tests.
    private static IEnumerable<string> Packages()
    {
        var home = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Directory.GetDirectories(home).Where(static package => !ForTests().IsMatch(Path.GetFileName(package)));
    }

    private static IEnumerable<string> FilesOf(string package)
    {
        var newest = Directory.GetDirectories(package).OrderBy(static one => one.Length).ThenBy(static one => one).Last();
        var library = Path.Combine(newest, "lib");
        var folders = Directory.Exists(library) ? Directory.GetDirectories(library) : [];
        var best = s_frameworks.Select(framework => folders.FirstOrDefault(folder =>
            Path.GetFileName(folder).StartsWith(framework, StringComparison.Ordinal))).FirstOrDefault(static folder => folder is not null);
        return best is null ? [] : Directory.GetFiles(best, "*.dll");
    }

    [GeneratedRegex("^(baton|xunit|nunit|mstest|tunit|shouldly|moq|nsubstitute|fluentassertions|benchmarkdotnet|autofixture"
        + "|coverlet|mono\\.|fsharp|microsoft\\.(aspnetcore\\.(testhost|mvc\\.testing)|codeanalysis|testing|testplatform|net\\.|codecoverage|build))")]
    private static partial Regex ForTests();
}
