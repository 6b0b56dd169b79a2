using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Values;

/// <summary>
/// BTN201: <c>new ContextKey&lt;T&gt;</c> elsewhere than in a static read-only member's initialiser.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class KeyMadeAgainAnalyzer() : ContextAnalyzer(Descriptors.KeyMadeAgain)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterOperationAction(operation => Analyze(operation, known), OperationKind.ObjectCreation);

    private static void Analyze(OperationAnalysisContext context, KnownSymbols known)
    {
        if (context.Operation.Type?.OriginalDefinition.IsSame(known.ContextKey) != true
            || IsMadeOnce(context.Operation) || TestCode.Contains(context.ContainingSymbol, known))
        {
            return;
        }

        context.ReportDiagnostic(
            Diagnostic.Create(Descriptors.KeyMadeAgain, context.Operation.Syntax.GetLocation()));
    }

    // Directly: through conversions and parentheses, but no call, lambda or collection.
    private static bool IsMadeOnce(IOperation creation)
    {
        var holder = creation.Parent;
        while (holder is IConversionOperation or IParenthesizedOperation)
        {
            holder = holder.Parent;
        }

        return holder switch
        {
            IFieldInitializerOperation field =>
                field.InitializedFields.All(one => one is { IsStatic: true, IsReadOnly: true }),
            IPropertyInitializerOperation property =>
                property.InitializedProperties.All(one => one is { IsStatic: true, SetMethod: null }),
            _ => false,
        };
    }
}
