using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Survey;

/// <summary>What the rules report in the projects of a solution, and what the compiler does.</summary>
internal sealed class Findings
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> s_rules = [.. Made.Of<DiagnosticAnalyzer>("Baton.Analyzers")];

    internal Dictionary<ProjectId, ImmutableArray<Diagnostic>> ByProject { get; } = [];

    /// <summary>How often each error is printed by the compiler.</summary>
    internal Dictionary<string, int> ErrorTexts { get; } = [];

    internal List<string> Thrown { get; } = [];

    internal int Errors => ErrorTexts.Values.Sum();

    internal IEnumerable<Diagnostic> Reports => ByProject.Values.SelectMany(static reports => reports);

    internal static async Task<Findings> OfAsync(Solution solution)
    {
        var findings = new Findings();
        foreach (var id in solution.ProjectIds)
        {
            var compilation = (await solution.GetProject(id)!.GetCompilationAsync())!;
            foreach (var error in compilation.GetDiagnostics().Where(static one => one.Severity is DiagnosticSeverity.Error))
            {
                var text = error.Id + " " + error.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
                findings.ErrorTexts[text] = findings.ErrorTexts.GetValueOrDefault(text) + 1;
            }

            var options = new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]), (exception, rule, _) => findings.Note($"AD0001 {rule.GetType().Name}: {exception}"),
                concurrentAnalysis: true, logAnalyzerExecutionTime: false);
            findings.ByProject[id] = await compilation.WithAnalyzers(s_rules, options).GetAnalyzerDiagnosticsAsync();
        }

        return findings;
    }

    private void Note(string text)
    {
        lock (Thrown)
        {
            Thrown.Add(text);
        }
    }
}

internal static class Made
{
    /// <summary>One of each type of an assembly that is derived from this one; they are internal.</summary>
    internal static IEnumerable<T> Of<T>(string assembly) => Assembly.Load(assembly).GetTypes()
        .Where(static type => typeof(T).IsAssignableFrom(type) && !type.IsAbstract)
        .Select(static type => (T)Activator.CreateInstance(type, nonPublic: true)!);
}
