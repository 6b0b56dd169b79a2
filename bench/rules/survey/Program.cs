using Microsoft.CodeAnalysis;
using Survey;

// dotnet run -c Release --project bench/rules/survey -- DIR... [--fix BTN112] [--out FOLDER]
// What the rules say of applications whose packages cannot all be restored: each project is compiled with the packages that
// are in the local folder of packages, and what is missing stays an error. With --fix, Fix All of one rule is applied in
// memory, and the errors are compared. The reports go to FOLDER/NAME.reports. Nothing in DIR is changed.
var roots = args.TakeWhile(static argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToArray();
var rule = Option("--fix");
var folder = Option("--out") ?? Path.GetTempPath();
if (roots.Length == 0)
{
    Console.Error.WriteLine("survey DIR... [--fix RULE] [--out FOLDER]");
    return 2;
}

var references = new KnownPackages();
var thrown = 0;
foreach (var root in roots.Select(Path.GetFullPath))
{
    var name = Path.GetFileName(root.TrimEnd('/'));
    using var application = new Application(root, references);
    var findings = await Findings.OfAsync(application.Solution);
    thrown += findings.Thrown.Count;
    var lines = findings.Reports.Select(report => Line(report, root)).Distinct().Order(StringComparer.Ordinal).ToList();
    await File.WriteAllLinesAsync(Path.Combine(folder, name + ".reports"), lines.Concat(findings.Thrown));
    var rules = lines.GroupBy(static line => line.Split('\t')[0]).Select(static ofRule => $"{ofRule.Key} {ofRule.Count()}");
    Console.WriteLine(
        $"{name}: {application.Lines} lines, {application.Solution.ProjectIds.Count} projects, {findings.Errors} errors; "
        + $"{lines.Count(static line => line.Split('\t')[1] is "Warning" or "Error")} warnings; {findings.Thrown.Count} "
        + $"exceptions of a rule; {string.Join(", ", rules)}");
    if (rule is not null)
    {
        Console.WriteLine(await FixAll.TryAsync(application.Solution, findings, rule));
    }
}

return thrown == 0 ? 0 : 1;

string? Option(string option) =>
    Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

static string Line(Diagnostic report, string root)
{
    var place = report.Location.GetLineSpan();
    var text = report.Location.SourceTree?.GetText().Lines[place.StartLinePosition.Line].ToString().Trim();
    var path = Path.GetRelativePath(root, place.Path);
    return $"{report.Id}\t{report.Severity}\t{path}:{place.StartLinePosition.Line + 1}\t{text}\t"
        + report.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
}
