using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Survey;

/// <summary>Fix All of one rule, project by project, and what the compiler and the rule say afterwards.</summary>
internal static class FixAll
{
    internal static async Task<string> TryAsync(Solution solution, Findings before, string rule)
    {
        var fix = Made.Of<CodeFixProvider>("Baton.CodeFixes").Single(one => one.FixableDiagnosticIds.Contains(rule));
        var after = solution;
        foreach (var (id, reports) in before.ByProject)
        {
            var ofRule = reports.Where(report => report.Id == rule).ToList();
            if (ofRule.Count > 0)
            {
                after = await FixAsync(after, after.GetProject(id)!, fix, rule, ofRule);
            }
        }

        var left = await Findings.OfAsync(after);
        var added = left.ErrorTexts.Where(error => error.Value > before.ErrorTexts.GetValueOrDefault(error.Key)).ToList();
        return $"  Fix All {rule}: {before.Reports.Count(report => report.Id == rule)} reports, "
            + $"{left.Reports.Count(report => report.Id == rule)} left, {added.Count} new errors"
            + string.Concat(added.Select(static error => "\n    " + error.Key));
    }

    private static async Task<Solution> FixAsync(
        Solution solution, Project project, CodeFixProvider fix, string rule, List<Diagnostic> reports)
    {
        CodeAction? first = null;
        foreach (var report in reports)
        {
            var document = project.GetDocument(report.Location.SourceTree);
            if (document is null)
            {
                continue;
            }

            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, report, (action, _) => first ??= action, default));
            if (first is not null)
            {
                var context = new FixAllContext(
                    document, fix, FixAllScope.Project, first.EquivalenceKey!, [rule], new Known(reports), default);
                var all = await fix.GetFixAllProvider()!.GetFixAsync(context);
                return all is null
                    ? solution
                    : (await all.GetOperationsAsync(default)).OfType<ApplyChangesOperation>().Single().ChangedSolution;
            }
        }

        return solution;
    }

    private sealed class Known(List<Diagnostic> reports) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(reports);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            var tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return reports.Where(report => report.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
