using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Survey;

/// <summary>The projects of an application, but for those of tests, without what a build would generate.</summary>
internal sealed partial class Application : IDisposable
{
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private const string WebUsings =
        " global using System.Net.Http.Json; global using Microsoft.AspNetCore.Builder; "
        + "global using Microsoft.AspNetCore.Hosting; global using Microsoft.AspNetCore.Http; "
        + "global using Microsoft.AspNetCore.Routing; global using Microsoft.Extensions.Configuration; "
        + "global using Microsoft.Extensions.DependencyInjection; global using Microsoft.Extensions.Hosting; "
        + "global using Microsoft.Extensions.Logging;";

    private readonly AdhocWorkspace _workspace = new();
    private readonly KnownPackages _packages;
    private readonly string _shared;

    internal Application(string root, KnownPackages packages)
    {
        _packages = packages;
        Solution = _workspace.CurrentSolution;
        _shared = string.Concat(Directory.GetFiles(root, "Directory.Build.props", SearchOption.AllDirectories).Select(File.ReadAllText));
        var projects = Directory.GetFiles(root, "*.csproj", SearchOption.AllDirectories)
            .Where(static path => !IsMade(path) && !OfTests().IsMatch(path)).ToDictionary(static path => path, ProjectId.CreateNewId);
        foreach (var project in projects.Keys)
        {
            Add(project, projects);
        }

        foreach (var (path, id) in projects.Where(one => Solution.ContainsProject(one.Value)))
        {
            Refer(path, id, projects);
        }

        var graph = Solution.GetProjectDependencyGraph();
        foreach (var id in Solution.ProjectIds)
        {
            Solution = Solution.WithProjectReferences(
                id, graph.GetProjectsThatThisProjectTransitivelyDependsOn(id).Select(static other => new ProjectReference(other)));
        }
    }

    internal Solution Solution { get; private set; }

    internal int Lines { get; private set; }

    public void Dispose() => _workspace.Dispose();

    private void Add(string path, Dictionary<string, ProjectId> projects)
    {
        var (text, folder, id) = (File.ReadAllText(path), Path.GetDirectoryName(path)!, projects[path]);
        var inner = projects.Keys.Where(other => other != path)
            .Select(static other => Path.GetDirectoryName(other) + "/").Where(other => other.StartsWith(folder + "/", StringComparison.Ordinal)).ToList();
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !IsMade(file) && !inner.Any(other => file.StartsWith(other, StringComparison.Ordinal))).ToList();
        var name = Path.GetFileNameWithoutExtension(path);
        var isProgram = files.Any(static file => Path.GetFileName(file) is "Program.cs");
        Solution = Solution.AddProject(ProjectInfo.Create(
            id, VersionStamp.Default, name, name, LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
                nullableContextOptions: Says(text, "Nullable") ? NullableContextOptions.Enable : NullableContextOptions.Disable),
            parseOptions: new CSharpParseOptions(LanguageVersion.CSharp14), metadataReferences: _packages.References));
        if (Says(text, "ImplicitUsings"))
        {
            var usings = Usings + (text.Contains("Sdk.Web", StringComparison.Ordinal) ? WebUsings : "");
            Solution = Solution.AddDocument(DocumentId.CreateNewId(id), "Usings.cs", usings);
        }

        foreach (var file in files)
        {
            var source = SourceText.From(File.ReadAllText(file));
            Lines += source.Lines.Count;
            Solution = Solution.AddDocument(DocumentId.CreateNewId(id), file, source, filePath: file);
        }
    }

    private void Refer(string path, ProjectId id, Dictionary<string, ProjectId> projects)
    {
        foreach (Match reference in References().Matches(File.ReadAllText(path)))
        {
            var other = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, reference.Groups["path"].Value.Replace('\\', '/')));
            if (projects.TryGetValue(other, out var to) && to != id
                && !Solution.GetProject(id)!.ProjectReferences.Any(one => one.ProjectId == to)
                && !Solution.GetProjectDependencyGraph().GetProjectsThatThisProjectTransitivelyDependsOn(to).Contains(id))
            {
                Solution = Solution.AddProjectReference(id, new ProjectReference(to));
            }
        }
    }

    private bool Says(string project, string property) =>
        (project + _shared).Contains($"<{property}>enable", StringComparison.OrdinalIgnoreCase);

    private static bool IsMade(string path) =>
        path.Contains("/obj/", StringComparison.Ordinal) || path.Contains("/bin/", StringComparison.Ordinal);

    [GeneratedRegex("(Tests?|Testing|Benchmarks?|Specs)\\.csproj$")]
    private static partial Regex OfTests();

    [GeneratedRegex("ProjectReference Include=\"(?<path>[^\"]+)\"")]
    private static partial Regex References();
}
