using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Baton.Analyzers.Lifetime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Values;

/// <summary>BTN204: the result of <c>WithValue</c> is only ever converted to a token.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class UnreadableValueAnalyzer() : ContextAnalyzer(Descriptors.UnreadableValue)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterOperationAction(operation => Check(operation, known), OperationKind.Invocation);

    private static void Check(OperationAnalysisContext context, KnownSymbols known)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name is "WithValue" && known.IsContextMethod(call.TargetMethod)
            && (IsToken(call, known) || IsOnlyToken(call, known)))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.UnreadableValue, Derivations.Name(call).GetLocation(),
                call.Arguments.FirstOrDefault()?.Value.Syntax.ToString() ?? "the key"));
        }
    }

    // Also by way of further values: `ctx.WithValue(A, 1).WithValue(B, 2)` is reported at the last one.
    private static bool IsToken(IOperation value, KnownSymbols known)
    {
        for (var at = value.Parent; at is not null; at = at.Parent)
        {
            switch (at)
            {
                case IConversionOperation conversion when known.IsToken(conversion.Type):
                case IPropertyReferenceOperation { Property.Name: "Done" } property when known.IsToken(property.Type):
                    return true;
                case IConversionOperation conversion when known.IsContext(conversion.Type):
                case IParenthesizedOperation:
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    // `var named = ctx.WithValue(User, name);`, and each use of it is its token.
    private static bool IsOnlyToken(IInvocationOperation call, KnownSymbols known)
    {
        if (call.User() is not IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator })
        {
            return false;
        }

        var uses = Derivations.RootOf(call).Descendants().OfType<ILocalReferenceOperation>()
            .Where(one => one.Local.IsSame(declarator.Symbol)).ToList();
        return uses.Count > 0 && uses.TrueForAll(use => IsToken(use, known));
    }
}
