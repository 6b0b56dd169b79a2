using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>BTN103: an outer context passed on where one derived from it is live.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class NotNearestAnalyzer() : ContextAnalyzer(Descriptors.NotNearest)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterOperationAction(
            operation => Check(operation, known),
            OperationKind.LocalReference, OperationKind.ParameterReference);

    private static void Check(OperationAnalysisContext context, KnownSymbols known)
    {
        var operation = context.Operation;
        if (!CanGiveContext(operation.Type, known) || operation.SemanticModel is not { } model
            || operation.Syntax.SyntaxTree != model.SyntaxTree
            || Passed(operation, known) is not { } receiver)
        {
            return;
        }

        var symbol = operation is ILocalReferenceOperation local
            ? (ISymbol)local.Local : ((IParameterReferenceOperation)operation).Parameter;
        if (NearerContext.Of(symbol, operation.Syntax, receiver.Syntax, model, known) is { } nearer)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.NotNearest, operation.Syntax.GetLocation(), symbol.Name, nearer));
        }
    }

    private static bool CanGiveContext(ITypeSymbol? type, KnownSymbols known) =>
        type is { SpecialType: SpecialType.None }
        && (known.IsContext(type) || known.IsToken(type)
            || type.IsOrDerivesFrom(known.HttpContext) || type.IsOrDerivesFrom(known.ServerCallContext));

    // The call that the context, or its token, is given to; null if it is not passed on but asked or derived
    // from.
    private static IOperation? Passed(IOperation reference, KnownSymbols known)
    {
        var value = reference;
        while (value.Parent is { } parent && (parent is IConversionOperation || IsOwnContext(parent, value)))
        {
            value = parent;
        }

        if (value.Parent is IInvocationOperation wait && wait.Instance == value)
        {
            return known.IsContextMethod(wait.TargetMethod)
                && wait.TargetMethod.Name is "Delay" or "WaitAsync" ? wait : null;
        }

        if (value.Parent
            is not IArgumentOperation { IsImplicit: false, Parameter: { } parameter, Parent: { } call }
            || !(known.IsContext(parameter.Type) || known.IsToken(parameter.Type)))
        {
            return null;
        }

        return call switch
        {
            IInvocationOperation invocation => Derives(invocation.TargetMethod, known) ? null : invocation,
            IObjectCreationOperation creation => IsKept(creation) ? null : creation,
            _ => null,
        };
    }

    private static bool IsOwnContext(IOperation parent, IOperation value) =>
        parent is IPropertyReferenceOperation property && ContextChain.IsOwnContext(property.Property.Name)
        && (property.Instance == value || property.Arguments.Any(argument => argument.Value == value));

    private static bool Derives(IMethodSymbol method, KnownSymbols known) =>
        known.IsContextMethod(method)
        || method.ContainingType.IsSame(known.CancellationTokenSource) || known.IsToken(method.ContainingType)
        || method.ReturnType.IsOrDerivesFrom(known.Context);

    // What is made here may be for later, when the nearer context is gone.
    private static bool IsKept(IObjectCreationOperation creation) =>
        creation.User() is IReturnOperation or IThrowOperation
        or IAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation };
}
