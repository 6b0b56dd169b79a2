using System.Collections.Immutable;
using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>
/// Silences .NET's own CA2016 at a call that BTN101 reports, as one mistake is reported once; and at
/// <c>ctx.WithCancel()</c>, which is given its context already.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ForwardTokenSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor s_reported =
        new("BTN101CA2016", "CA2016", "BTN101 reports this call.");

    private static readonly SuppressionDescriptor s_derived = new(
        "BTN101With", "CA2016", "A derived context ends with its parent.");

    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } =
        [s_reported, s_derived];

    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        if (KnownSymbols.Of(context.Compilation) is not { } known)
        {
            return;
        }

        foreach (var report in context.ReportedDiagnostics)
        {
            if (Reason(report, context, known) is { } reason)
            {
                context.ReportSuppression(Suppression.Create(reason, report));
            }
        }
    }

    private static SuppressionDescriptor? Reason(
        Diagnostic report, SuppressionAnalysisContext context, KnownSymbols known)
    {
        if (report.Location.SourceTree is not { } tree
            || CallAt(report.Location, context.GetSemanticModel(tree), context.CancellationToken)
                is not { SemanticModel: { } model } call)
        {
            return null;
        }

        return MissingContext.IsOurs(call.TargetMethod, known) ? s_derived
            : IsOn(tree, context)
            && MissingContext.Of(call, model, known, context.CancellationToken) is not null ? s_reported
            : null;
    }

    // CA2016 reports at what is called: `Task.Delay`, without the arguments.
    private static IInvocationOperation? CallAt(
        Location place, SemanticModel model, CancellationToken cancellationToken) =>
        place.SourceTree?.GetRoot(cancellationToken).FindNode(place.SourceSpan, getInnermostNodeForTie: true)
            .FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } syntax
            ? model.GetOperation(syntax, cancellationToken) as IInvocationOperation
            : null;

    // Where BTN101 is switched off, CA2016 is all there is.
    private static bool IsOn(SyntaxTree tree, SuppressionAnalysisContext context)
    {
        var id = Descriptors.PassItOn.Id;
        var options = context.Compilation.Options;
        if (options.SyntaxTreeOptionsProvider is { } provider
            && (provider.TryGetDiagnosticValue(tree, id, context.CancellationToken, out var severity)
                || provider.TryGetGlobalDiagnosticValue(id, context.CancellationToken, out severity)))
        {
            return severity is not ReportDiagnostic.Suppress;
        }

        return !options.SpecificDiagnosticOptions.TryGetValue(id, out var general)
            || general is not ReportDiagnostic.Suppress;
    }
}
