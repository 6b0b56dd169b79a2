using Baton.Analyzers;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Lifetime;

/// <summary>
/// BTN004: <c>WithoutCancel()</c>. Where the lambda uses the context more than once, or asks the request for
/// it, it is detached once, before: by the time the lambda runs, the request may be another's.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class DetachFix() : ContextCodeFix(Descriptors.OutlivesRequest)
{
    private protected override CodeAction? Offer(FixPlace place)
    {
        var captured = place.Node.FirstAncestorOrSelf<ArgumentSyntax>()?.Expression is { } argument
            && argument.Span == place.Node.Span
            ? argument
            : place.Node as ExpressionSyntax;
        if (captured is null
            || !place.Known.IsContext(place.Model.GetTypeInfo(captured, place.CancellationToken).Type))
        {
            return null;
        }

        var lambda = Capturing(captured, place);
        var uses = lambda is null ? [captured] : Same(captured, lambda, place);
        if (lambda is null || (uses.Count == 1 && captured is IdentifierNameSyntax))
        {
            return Change("Give it 'WithoutCancel()'", _ => place.Replace(captured, Detached(captured)));
        }

        return Statements.Around(lambda) is { } statement && CanReach(captured, lambda, place)
            ? Change("Give it 'WithoutCancel()'",
                _ => Task.FromResult(Hoist(place, statement, captured, uses)))
            : null;
    }

    private static InvocationExpressionSyntax Detached(ExpressionSyntax captured) =>
        SyntaxFactory.InvocationExpression(
        SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression, captured.WithoutTrivia(),
            SyntaxFactory.IdentifierName("WithoutCancel")))
        .WithTriviaFrom(captured);

    private static Document Hoist(
        FixPlace place, StatementSyntax statement, ExpressionSyntax captured, List<ExpressionSyntax> uses)
    {
        var name = Statements.FreeName(place, "detached");
        var changed = statement.ReplaceNodes(
            uses, (original, _) => SyntaxFactory.IdentifierName(name).WithTriviaFrom(original));
        return place.Document.WithSyntaxRoot(Statements.InsertBefore(
            place.Root, statement, Statements.Declare(name, Detached(captured), isUsing: false), changed));
    }

    // The outermost lambda that has the variable from outside.
    private static AnonymousFunctionExpressionSyntax? Capturing(ExpressionSyntax captured, FixPlace place)
    {
        var root = captured is MemberAccessExpressionSyntax access ? access.Expression : captured;
        var declared = place.Model.GetSymbolInfo(
            root, place.CancellationToken).Symbol?.DeclaringSyntaxReferences.FirstOrDefault()?.Span;
        return captured.Ancestors().OfType<AnonymousFunctionExpressionSyntax>()
            .LastOrDefault(lambda => declared is { } span && !lambda.Span.Contains(span));
    }

    private static bool CanReach(
        ExpressionSyntax captured, AnonymousFunctionExpressionSyntax lambda, FixPlace place) =>
        captured is IdentifierNameSyntax
            || (captured is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax owner }
            && Capturing(owner, place) == lambda);

    private static List<ExpressionSyntax> Same(ExpressionSyntax captured, SyntaxNode lambda, FixPlace place)
    {
        var symbol = Root(captured, place);
        return [.. lambda.DescendantNodes().OfType<ExpressionSyntax>()
            .Where(one => one.GetType() == captured.GetType()
            && SyntaxFactory.AreEquivalent(one, captured)
            && SymbolEqualityComparer.Default.Equals(Root(one, place), symbol)
            && one.Parent is not NameColonSyntax)];
    }

    private static ISymbol? Root(ExpressionSyntax expression, FixPlace place) => place.Model.GetSymbolInfo(
        expression is MemberAccessExpressionSyntax access
            ? access.Expression : expression, place.CancellationToken).Symbol;
}
