using System.Text.RegularExpressions;

namespace Baton.Tests;

/// <summary>The files and folders that documents, scripts and comments name have to exist.</summary>
public sealed partial class PathsTests
{
    private static readonly string[] s_folders = [".ci", "bench", "docs", "samples", "src", "tests"];
    private static readonly string[] s_endings =
        ["", ".cs", ".csproj", ".editorconfig", ".fs", ".go", ".md", ".props", ".slnx", ".targets", ".vb"];

    [Fact]
    public void Every_path_that_is_named_exists()
    {
        var missing = Files()
            .SelectMany(static file => Named().Matches(File.ReadAllText(file)).Select(match => (file, match.Value)))
            .Where(static named => !Expand(named.Value).All(Exists))
            .Select(static named =>
                $"{Path.GetRelativePath(Repository.PathTo(), named.file)} names {named.Value}");

        Assert.Empty(missing);
    }

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Repository.PathTo())
            .Concat(s_folders.SelectMany(static folder => Directory.EnumerateFiles(
                Repository.PathTo(folder), "*", SearchOption.AllDirectories)))
            .Where(static file => s_endings.Contains(Path.GetExtension(file)) && !IsRulePage(file));

    /// <summary>The pages of the rules show how to configure them for the folders of an application.</summary>
    private static bool IsRulePage(string file) =>
        Path.GetFileName(file).StartsWith("BTN", StringComparison.Ordinal)
        && Path.GetExtension(file) == ".md";

    /// <summary>The alternatives of a pattern such as <c>{tests,bench}/**.cs</c>.</summary>
    private static IEnumerable<string> Expand(string path) =>
        Alternatives().Match(path) is { Success: true } match
            ? match.Groups[1].Value.Split(',').Select(one => path.Replace(match.Value, one, StringComparison.Ordinal))
            : [path];

    /// <summary>The folder that a pattern with a star starts from.</summary>
    private static bool Exists(string path)
    {
        var star = path.IndexOf('*', StringComparison.Ordinal);
        var whole = Repository.PathTo(star < 0 ? path : path[..path.LastIndexOf('/', star)]);
        return File.Exists(whole) || Directory.Exists(whole);
    }

    [GeneratedRegex(@"(?<![\w./@-])(?:bench|docs|samples|src|tests)/[\w./*{},-]*\w")]
    private static partial Regex Named();

    [GeneratedRegex(@"\{([^}]*)\}")]
    private static partial Regex Alternatives();
}
