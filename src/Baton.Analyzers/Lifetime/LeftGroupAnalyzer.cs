using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>BTN109: a group that is left without <c>WaitAsync</c>, which cancels its tasks.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class LeftGroupAnalyzer() : ContextAnalyzer(Descriptors.LeftGroup)
{
    private enum Use
    {
        /// <summary>Reads a property, or starts a task whose result is awaited.</summary>
        Neutral,

        /// <summary>Starts a task that only <c>WaitAsync</c> waits for.</summary>
        Start,

        /// <summary>Waits for the tasks.</summary>
        Wait,

        /// <summary>Gives the group away: other code may wait for it.</summary>
        Unknown,
    }

    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterOperationAction(operation => Check(operation, known), OperationKind.Invocation);

    private static void Check(OperationAnalysisContext context, KnownSymbols known)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name is "Group" && known.IsContextMethod(call.TargetMethod)
            && LocalOf(call) is { } local && IsLeft(call, local))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.LeftGroup, Derivations.Name(call).GetLocation(), local.Name));
        }
    }

    internal static ILocalSymbol? LocalOf(IOperation creation)
    {
        var parent = creation.Parent;
        while (parent is IConversionOperation or IParenthesizedOperation)
        {
            parent = parent.Parent;
        }

        return parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }
            ? declarator.Symbol : null;
    }

    private static bool IsLeft(IOperation creation, ILocalSymbol local)
    {
        SyntaxNode? start = null;
        SyntaxNode? wait = null;
        foreach (var reference in Derivations.RootOf(creation).Descendants().OfType<ILocalReferenceOperation>())
        {
            if (!reference.Local.IsSame(local))
            {
                continue;
            }

            switch (Of(reference))
            {
                case Use.Unknown:
                    return false;
                case Use.Start:
                    start = reference.Syntax;
                    break;
                case Use.Wait:
                    wait = reference.Syntax;
                    break;
            }
        }

        return start is not null
            && (wait is null || (start.SpanStart > wait.SpanStart && !IsInSameLoop(start, wait)));
    }

    private static Use Of(ILocalReferenceOperation reference) => reference.Parent switch
    {
        IInvocationOperation call when call.Instance == reference => call.TargetMethod.Name switch
        {
            "Go" or "TryGo" or "GoAsync" => Use.Start,
            "Run" => TaskFate.IsForgotten(call) ? Use.Start : Use.Neutral,
            "WaitAsync" => Use.Wait,
            _ => Use.Neutral,
        },
        IPropertyReferenceOperation or INameOfOperation => Use.Neutral,
        _ => Use.Unknown,
    };

    // `foreach (…) { group.Go(…); await group.WaitAsync(); }` in any order.
    private static bool IsInSameLoop(SyntaxNode start, SyntaxNode wait) => start.Ancestors().Any(one =>
        one is CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax
        && one.Span.Contains(wait.Span));
}
