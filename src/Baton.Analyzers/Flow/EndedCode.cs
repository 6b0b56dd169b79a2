using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Flow;

/// <summary>
/// Code for which the context in scope is of no use, as it may be done there: cleanup, compensation in a
/// <c>catch</c>, what is done because it is done, and what runs once it is.
/// </summary>
internal static class EndedCode
{
    internal static bool Contains(SyntaxNode place, SemanticModel model, KnownSymbols known)
    {
        if (CleanupCode.Contains(place))
        {
            return true;
        }

        for (var at = place; at.Parent is { } parent and not BaseTypeDeclarationSyntax; at = parent)
        {
            if (IsAfterTheEnd(at, parent, model, known))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the expression asks whether something is done, or why.</summary>
    internal static bool Asks(SyntaxNode condition) => condition.DescendantNodesAndSelf().Any(node =>
        node is MemberAccessExpressionSyntax access && IsQuestion(access.Name)
        || node is MemberBindingExpressionSyntax binding && IsQuestion(binding.Name)
        || node is SubpatternSyntax { ExpressionColon.Expression: IdentifierNameSyntax name }
        && IsQuestion(name));

    private static bool IsQuestion(SimpleNameSyntax name) => name.Identifier.ValueText
        is "IsDone" or "Err" or "Cause" or "IsCancellationRequested";

    private static bool IsAfterTheEnd(SyntaxNode node, SyntaxNode parent, SemanticModel model,
        KnownSymbols known) => parent switch
        {
            CatchClauseSyntax clause when node == clause.Block => MayBeTheEnd(clause, model),
            IfStatementSyntax choice when node == choice.Statement => AsksForTheEnd(choice.Condition),
            ElseClauseSyntax { Parent: IfStatementSyntax choice } => AsksForLife(choice.Condition),
            ConditionalExpressionSyntax choice when node == choice.WhenTrue =>
                AsksForTheEnd(choice.Condition),
            ConditionalExpressionSyntax choice when node == choice.WhenFalse => AsksForLife(choice.Condition),
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } when node
                is AnonymousFunctionExpressionSyntax =>
                RunsAtTheEnd(call, model, known),
            _ => false,
        };

    // One that catches everything, cancellations, or throws on.
    private static bool MayBeTheEnd(CatchClauseSyntax clause, SemanticModel model)
    {
        if (clause.Declaration is not { } declaration || clause.Filter is { } filter && Asks(filter))
        {
            return true;
        }

        var type = model.GetTypeInfo(declaration.Type).Type;
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (at.Name is "OperationCanceledException" or "TimeoutException")
            {
                return true;
            }
        }

        return type is { Name: "Exception" or "SystemException", ContainingNamespace.Name: "System" }
            || Throws(clause.Block);
    }

    private static bool Throws(BlockSyntax block) => block
        .DescendantNodes(node =>
            node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Any(node => node is ThrowStatementSyntax or ThrowExpressionSyntax);

    private static bool AsksForTheEnd(ExpressionSyntax condition) => Asks(condition) && !IsNegated(condition);

    private static bool AsksForLife(ExpressionSyntax condition) => Asks(condition) && IsNegated(condition);

    private static bool IsNegated(ExpressionSyntax condition) => condition switch
    {
        PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.LogicalNotExpression),
        ParenthesizedExpressionSyntax parentheses => IsNegated(parentheses.Expression),
        IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax constant } =>
            constant.Expression.Kind()
                is SyntaxKind.NullLiteralExpression or SyntaxKind.FalseLiteralExpression,
        BinaryExpressionSyntax { Right: LiteralExpressionSyntax literal } binary =>
            binary.IsKind(SyntaxKind.EqualsExpression)
            && literal.Kind() is SyntaxKind.NullLiteralExpression or SyntaxKind.FalseLiteralExpression,
        BinaryExpressionSyntax binary => IsNegated(binary.Left) || IsNegated(binary.Right),
        _ => false,
    };

    // What AfterFunc and Register run.
    private static bool RunsAtTheEnd(
        InvocationExpressionSyntax call, SemanticModel model, KnownSymbols known) =>
        call.Expression is MemberAccessExpressionSyntax
        {
            Name.Identifier.ValueText: "AfterFunc" or "Register" or "UnsafeRegister"
        }
        && model.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType: { } type }
        && (type.IsSame(known.Context) || known.IsToken(type));
}
