using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>BTN102: a context or token made from nothing where one is in scope.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class StartsOverAnalyzer() : ContextAnalyzer(Descriptors.StartsOver)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        var allowances = new FreshStarts(known, context.Compilation.GetEntryPoint(context.CancellationToken));
        context.RegisterOperationAction(
            operation => Check(operation, known, allowances),
            OperationKind.PropertyReference, OperationKind.DefaultValue, OperationKind.ObjectCreation);
    }

    private static void Check(OperationAnalysisContext context, KnownSymbols known, FreshStarts allowances)
    {
        var operation = context.Operation;
        if (operation.SemanticModel is not { } model || Name(operation, known) is not { } name
            || Scope(operation, model, known, context.CancellationToken) is not { } scope
            || allowances.Allow(operation, scope, context.ContainingSymbol, model, context.CancellationToken))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.StartsOver, operation.Syntax.GetLocation(), name, scope.Expression));
    }

    /// <summary>
    /// The context that the operation should go on with. A token that starts from nothing breaks a chain only
    /// where the author chose a context; a <c>Context</c> that does, also where the request has one.
    /// </summary>
    internal static ContextInScope? Scope(
        IOperation operation, SemanticModel model, KnownSymbols known, CancellationToken cancellationToken) =>
        ContextScope.InForce(operation.Syntax, model, known, cancellationToken) is { } scope
        && (scope.Source is ContextSource.Context
            || (scope is { Source: ContextSource.Carrier, IsContext: true } && known.IsContext(operation.Type)))
            ? scope : null;

    // What starts over, as it is called in the message; null for what does not.
    private static string? Name(IOperation operation, KnownSymbols known) => operation switch
    {
        IPropertyReferenceOperation { Property: { IsStatic: true } property } =>
            property.ContainingType.IsSame(known.Context) && property.Name is "Background" or "Todo"
                ? "Context." + property.Name
                : known.IsToken(property.ContainingType)
                    && property.Name is "None" ? "CancellationToken.None" : null,
        IDefaultValueOperation { IsImplicit: false } value when known.IsToken(value.Type)
            && IsGiven(value) => "default",
        IObjectCreationOperation { IsImplicit: false } creation => Name(creation, known),
        _ => null,
    };

    private static string? Name(IObjectCreationOperation creation, KnownSymbols known)
    {
        if (creation.Type.IsSame(known.CancellationTokenSource))
        {
            return "new CancellationTokenSource(" + (creation.Arguments.IsEmpty ? ")" : "…)");
        }

        return known.IsToken(creation.Type) && creation.Arguments.IsEmpty && IsGiven(creation)
            ? "new CancellationToken()"
            : null;
    }

    // Not the first value of a variable that is set later, nor the default of a parameter.
    private static bool IsGiven(IOperation operation) => operation.User() switch
    {
        IArgumentOperation { IsImplicit: false } or IConditionalOperation => true,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation variable } =>
            !IsSetLater(variable),
        _ => false,
    };

    private static bool IsSetLater(IVariableDeclaratorOperation variable) =>
        (variable.Syntax.FirstAncestorOrSelf<BlockSyntax>() ?? variable.Syntax.SyntaxTree.GetRoot())
        .DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            name.Identifier.ValueText == variable.Symbol.Name
            && (name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name
                || name.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax }
                || name.Parent is ArgumentSyntax given && !given.RefKindKeyword.IsKind(SyntaxKind.None)));
}
