using Baton.Analyzers;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Baton.CodeFixes.Lifetime;

/// <summary>BTN005: makes the function asynchronous, and awaits what it returns.</summary>
/// <remarks>
/// There is no fix for a stream or a response that is still to be read, nor for a task that is kept: whoever reads
/// or awaits it is elsewhere.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class EndedTooSoonFix() : EditingFix(Descriptors.EndedTooSoon, "Await it in the block")
{
    private protected override void Edit(FixPlace place, SolutionEdits edits)
    {
        if (place.Node.FirstAncestorOrSelf<ReturnStatementSyntax>() is not { Expression: not null } leaving
            || leaving.Ancestors().FirstOrDefault(IsFunction) is not { } function || BodyOf(function) is not { } body
            || SymbolOf(function, place) is not { IsAsync: false } method || !place.Known.IsTask(method.ReturnType)
            || method.Parameters.Any(static one => one.RefKind is not RefKind.None)
            || AwaitedReturns.CannotBeIn(body, place))
        {
            return;
        }

        var hasResult = method.ReturnType is INamedTypeSymbol { IsGenericType: true };
        edits.Add(place.Document, function, old => Async(old, hasResult));
    }

    private static bool IsFunction(SyntaxNode node) => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax
        or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax or PropertyDeclarationSyntax;

    private static BlockSyntax? BodyOf(SyntaxNode function) => function switch
    {
        MethodDeclarationSyntax method => method.Body,
        LocalFunctionStatementSyntax local => local.Body,
        AnonymousFunctionExpressionSyntax lambda => lambda.Block,
        _ => null,
    };

    private static IMethodSymbol? SymbolOf(SyntaxNode function, FixPlace place) =>
        (place.Model.GetDeclaredSymbol(function, place.CancellationToken)
            ?? place.Model.GetSymbolInfo(function, place.CancellationToken).Symbol) as IMethodSymbol;

    private static SyntaxNode Async(SyntaxNode function, bool hasResult)
    {
        var body = new AwaitedReturns(hasResult).In(BodyOf(function)!).WithAdditionalAnnotations(Formatter.Annotation);
        var async = SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return function switch
        {
            MethodDeclarationSyntax method => WithAsync(method, async).WithBody(body),
            LocalFunctionStatementSyntax local => local.Modifiers.Count is 0
                ? local.WithoutLeadingTrivia().WithModifiers([async.WithLeadingTrivia(local.GetLeadingTrivia())]).WithBody(body)
                : local.AddModifiers(async).WithBody(body),
            AnonymousFunctionExpressionSyntax lambda => WithAsync(lambda, async).WithBody(body),
            _ => function,
        };
    }

    private static MethodDeclarationSyntax WithAsync(MethodDeclarationSyntax method, SyntaxToken async)
    {
        if (method.Modifiers.Count is 0)
        {
            return method.WithoutLeadingTrivia().WithModifiers([async.WithLeadingTrivia(method.GetLeadingTrivia())]);
        }

        var partial = method.Modifiers.IndexOf(SyntaxKind.PartialKeyword);
        return method.WithModifiers(partial > 0
            ? method.Modifiers.Insert(partial, async) : partial is 0 ? method.Modifiers : method.Modifiers.Add(async));
    }

    private static AnonymousFunctionExpressionSyntax WithAsync(
        AnonymousFunctionExpressionSyntax lambda, SyntaxToken async)
    {
        var leading = lambda.GetLeadingTrivia();
        return lambda.WithoutLeadingTrivia().AddModifiers(async).WithLeadingTrivia(leading);
    }
}
