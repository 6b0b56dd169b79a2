using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Baton.Analyzers.Tests;

/// <summary>
/// Applies fixes: one after the other, and all at once in the document, the project and the solution. Each
/// way has to end with the same source, which compiles and breaks the rule no more.
/// </summary>
internal static class VerifyFix
{
    /// <summary>
    /// The fix turns the source into <paramref name="fixedSource"/>, which may mark what stays reported.
    /// </summary>
    internal static async Task Turns(string rule, string source, string fixedSource)
    {
        using var workspace = new AdhocWorkspace();
        var project = Sources.ProjectFor(rule, workspace, Markup.Parse(source, rule).Source);
        var reports = await Reported(rule, project);
        var after = Markup.Parse(fixedSource, rule);
        AssertSource(after.Source, await OneByOne(rule, project, reports));
        FixAllScope[] scopes = [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];
        foreach (var scope in scopes)
        {
            AssertSource(after.Source, await AllAtOnce(rule, project, reports, scope));
        }

        if (after.Places.Count > 0)
        {
            await Verify.Reports(rule, fixedSource);
        }
        else
        {
            await Verify.Silent(fixedSource, rule);
        }
    }

    /// <summary>
    /// The same for a source that says itself which namespaces it uses: all at once, in each scope.
    /// </summary>
    internal static async Task TurnsWithoutUsings(string rule, string source, string fixedSource)
    {
        using var workspace = new AdhocWorkspace();
        var project = Sources.ProjectFor(rule, workspace, "namespace Alpha { } namespace Zoo { }", source);
        project = project.RemoveDocument(project.Documents.First().Id);
        var reports = await Reported(rule, project);
        FixAllScope[] scopes = [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];
        foreach (var scope in scopes)
        {
            AssertSource(fixedSource, await AllAtOnce(rule, project, reports, scope));
        }
    }

    /// <summary>The rule reports, and no fix is offered.</summary>
    internal static async Task IsNotOffered(string rule, string source)
    {
        using var workspace = new AdhocWorkspace();
        var project = Sources.ProjectFor(rule, workspace, Markup.Parse(source, rule).Source);
        var reports = await Reported(rule, project);
        Assert.NotEmpty(reports);
        foreach (var report in reports)
        {
            Assert.Empty(await Offers(project, report));
        }
    }

    /// <summary>The documents after all places were fixed at once.</summary>
    internal static async Task<string[]> AllAtOnce(string rule, string[] sources, FixAllScope scope)
    {
        using var workspace = new AdhocWorkspace();
        var project = Sources.ProjectFor(rule, workspace, sources);
        return await AllAtOnce(rule, project, await Reported(rule, project), scope);
    }

    /// <summary>What each offered fix of one rule's reports makes of a project, and then all of them at once.</summary>
    internal static async Task<List<Project>> TryAllAsync(Project project, List<Diagnostic> reports)
    {
        var made = new List<Project>();
        Diagnostic? offered = null;
        foreach (var report in reports)
        {
            foreach (var offer in await Offers(project, report))
            {
                offered ??= report;
                made.Add(await Apply(offer, project));
            }
        }

        if (offered is not null)
        {
            var provider = Provider(offered.Id);
            var context = new FixAllContext(
                project.GetDocument(offered.Location.SourceTree)!, provider, FixAllScope.Solution, offered.Id,
                [offered.Id], new Diagnostics(reports), TestContext.Current.CancellationToken);
            if (await provider.GetFixAllProvider()!.GetFixAsync(context) is { } all)
            {
                made.Add(await Apply(all, project));
            }
        }

        return made;
    }

    private static async Task<string[]> AllAtOnce(
        string rule, Project project, List<Diagnostic> reports, FixAllScope scope)
    {
        var provider = Provider(rule);
        var action = Assert.Single(await Offers(project, reports[0]));
        var context = new FixAllContext(
            project.GetDocument(reports[0].Location.SourceTree)!, provider, scope, action.EquivalenceKey!,
            [rule], new Diagnostics(reports), TestContext.Current.CancellationToken);
        var all = await provider.GetFixAllProvider()!.GetFixAsync(context);
        Assert.NotNull(all);
        return await Texts(await Apply(all, project));
    }

    private static async Task<string[]> OneByOne(string rule, Project project, List<Diagnostic> reports)
    {
        for (var i = 0; i < 1000; i++)
        {
            CodeAction? action = null;
            foreach (var report in reports)
            {
                action ??= (await Offers(project, report)).FirstOrDefault();
            }

            if (action is null)
            {
                Assert.True(i > 0, "No fix was offered.");
                return await Texts(project);
            }

            project = await Apply(action, project);
            Verify.AssertCompiles(await Sources.Compile(project));
            reports = await Reported(rule, project);
        }

        throw new InvalidOperationException("A thousand fixes, and still one is offered.");
    }

    private static async Task<List<Diagnostic>> Reported(string rule, Project project) =>
        [.. (await Sources.Reports(await Sources.Compile(project))).Where(report => report.Id == rule)];

    private static async Task<List<CodeAction>> Offers(Project project, Diagnostic report)
    {
        var offers = new List<CodeAction>();
        if (AllRules.Fixes.Any(fix => fix.FixableDiagnosticIds.Contains(report.Id)))
        {
            var context = new CodeFixContext(
                project.GetDocument(report.Location.SourceTree)!, report, (action, _) => offers.Add(action),
                TestContext.Current.CancellationToken);
            await Provider(report.Id).RegisterCodeFixesAsync(context);
        }

        return offers;
    }

    private static CodeFixProvider Provider(string rule) =>
        Assert.Single(AllRules.Fixes, fix => fix.FixableDiagnosticIds.Contains(rule));

    private static async Task<Project> Apply(CodeAction action, Project project)
    {
        var operations = await action.GetOperationsAsync(TestContext.Current.CancellationToken);
        var changed = Assert.Single(operations.OfType<ApplyChangesOperation>()).ChangedSolution;
        return changed.GetProject(project.Id)!;
    }

    private static async Task<string[]> Texts(Project project)
    {
        var texts = new List<string>();
        foreach (var document in project.Documents.Skip(1))
        {
            texts.Add((await document.GetTextAsync(TestContext.Current.CancellationToken)).ToString());
        }

        return [.. texts];
    }

    private static void AssertSource(string expected, string[] actual) =>
        Assert.Equal(expected, Assert.Single(actual), ignoreLineEndingDifferences: true);

    private sealed class Diagnostics(List<Diagnostic> reports) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(
            Document document, CancellationToken cancellationToken)
        {
            var tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return reports.Where(report => report.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(
            Project project, CancellationToken cancellationToken) =>
                Task.FromResult<IEnumerable<Diagnostic>>(reports);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(
            Project project, CancellationToken cancellationToken) =>
                Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
