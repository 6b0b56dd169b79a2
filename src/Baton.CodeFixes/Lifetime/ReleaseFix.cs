using Baton.Analyzers;
using Baton.Analyzers.Internal;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Lifetime;

/// <summary>BTN001: <c>using var</c>, on the declaration that is there or on one of its own.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class ReleaseFix() : ContextCodeFix(Descriptors.NotReleased)
{
    private protected override CodeAction? Offer(FixPlace place)
    {
        if (place.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call
            || Statements.Around(call) is not { } statement || IsInLambdaOf(call, statement))
        {
            return null;
        }

        if (statement is LocalDeclarationStatementSyntax { Declaration.Variables.Count: 1 } local
            && local.Declaration.Variables[0] is { Initializer: { } initializer } variable
            && IsValueOf(call, initializer.Value))
        {
            return local.UsingKeyword.IsKind(SyntaxKind.None)
                && IsDisposable(TypeOf(initializer.Value, place), place) && CanBeUsing(variable, place)
                ? Change("Write 'using var'", _ => place.Replace(local, Using(local)))
                : null;
        }

        return IsUnconditional(call, statement) && !OutlivesStatement(call, statement, place)
            ? Change("Release it by 'using var'", _ => Task.FromResult(Extract(place, statement, call)))
            : null;
    }

    private static LocalDeclarationStatementSyntax Using(LocalDeclarationStatementSyntax local)
    {
        var type = local.Declaration.Type;
        var plain = type is IdentifierNameSyntax { Identifier.ValueText: "Context" } or QualifiedNameSyntax
            ? local.WithDeclaration(
                local.Declaration.WithType(SyntaxFactory.IdentifierName("var").WithTriviaFrom(type)))
            : local;
        return plain.WithoutLeadingTrivia().WithUsingKeyword(SyntaxFactory.Token(
            local.GetLeadingTrivia(), SyntaxKind.UsingKeyword, [SyntaxFactory.Space]));
    }

    // A discarded one is declared in place; one that is used as a context gets a name before its statement.
    private static Document Extract(
        FixPlace place, StatementSyntax statement, InvocationExpressionSyntax call)
    {
        var isRegistration = call.Expression
            is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AfterFunc" };
        var name = Statements.FreeName(place, isRegistration ? "registration" : "child");
        var declaration = Statements.Declare(name, call, isUsing: true);
        var isDropped = statement is ExpressionStatementSyntax { Expression: var expression }
            && (expression == call || expression
                is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } });
        var root = isDropped
            ? place.Root.ReplaceNode(statement, declaration.WithTriviaFrom(statement))
            : Statements.InsertBefore(
                place.Root, statement, declaration,
                statement.ReplaceNode(
                    (SyntaxNode)call, SyntaxFactory.IdentifierName(name).WithTriviaFrom(call)));
        return place.Document.WithSyntaxRoot(root);
    }

    private static bool CanBeUsing(VariableDeclaratorSyntax variable, FixPlace place) =>
        place.Model.GetDeclaredSymbol(variable, place.CancellationToken) is ILocalSymbol local
        && FunctionAround(variable) is { } function
        && Uses.Of(local, function, place).All(use => !Uses.IsWrite(use) && !IsReturned(use, place));

    // What is returned must not be disposed on the way out.
    private static bool IsReturned(SyntaxNode use, FixPlace place)
    {
        var returned = use.FirstAncestorOrSelf<ReturnStatementSyntax>()?.Expression;
        return returned is not null && !IsInLambdaOf(use, returned)
            && place.Model.GetTypeInfo(returned, place.CancellationToken).Type is { } type
            && (place.Known.IsContext(type) || IsLater(type, place));
    }

    private static bool IsLater(ITypeSymbol type, FixPlace place) =>
        place.Known.IsTask(type) || place.Known.IsToken(type)
            || type.Name is "IAsyncEnumerable" or "IEnumerable";

    // It may only be disposed at the end of the block if all that uses it has ended by then.
    private static bool OutlivesStatement(
        InvocationExpressionSyntax call, StatementSyntax statement, FixPlace place)
    {
        for (SyntaxNode node = call; node != statement && node.Parent is { } parent; node = parent)
        {
            switch (parent)
            {
                case AwaitExpressionSyntax:
                    return false;
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } }:
                    return false;
                case AssignmentExpressionSyntax:
                    return true;
                case ReturnStatementSyntax { Expression: { } returned }
                    when TypeOf(returned, place) is not { } type
                    || place.Known.IsContext(type) || IsLater(type, place):
                    return true;
                case InvocationExpressionSyntax outer
                    when TypeOf(outer, place) is { } type && IsLater(type, place)
                    && outer.Parent is not (AwaitExpressionSyntax or MemberAccessExpressionSyntax):
                    return true;
                case VariableDeclaratorSyntax variable
                    when place.Known.IsContext(TypeOf(call, place)) && !CanStay(variable, place):
                    return true;
            }
        }

        return false;
    }

    private static bool CanStay(VariableDeclaratorSyntax variable, FixPlace place) =>
        place.Model.GetDeclaredSymbol(variable, place.CancellationToken) is ILocalSymbol local
        && FunctionAround(variable) is { } function
        && !Uses.Of(local, function, place).Any(use => IsReturned(use, place));

    private static bool IsDisposable(ITypeSymbol? type, FixPlace place) =>
        place.Known.IsCancelable(type) || type.IsSame(place.Known.ContextRegistration);

    private static ITypeSymbol? TypeOf(ExpressionSyntax expression, FixPlace place) =>
        place.Model.GetTypeInfo(expression, place.CancellationToken).Type;

    // Through the branches of a conditional: whichever it is, the variable has it.
    private static bool IsValueOf(ExpressionSyntax call, ExpressionSyntax value) =>
        value == call || value switch
        {
            ParenthesizedExpressionSyntax inner => IsValueOf(call, inner.Expression),
            ConditionalExpressionSyntax choice =>
                IsValueOf(call, choice.WhenTrue) || IsValueOf(call, choice.WhenFalse),
            SwitchExpressionSyntax choice => choice.Arms.Any(arm => IsValueOf(call, arm.Expression)),
            ConditionalAccessExpressionSyntax access => access.WhenNotNull == call,
            _ => false,
        };

    private static bool IsUnconditional(SyntaxNode call, StatementSyntax statement) => !call.Ancestors()
        .TakeWhile(node => node != statement)
        .Any(node => node is ConditionalExpressionSyntax or SwitchExpressionSyntax
            or ConditionalAccessExpressionSyntax or WhenClauseSyntax
            || (node is BinaryExpressionSyntax binary && (binary.IsKind(SyntaxKind.CoalesceExpression)
                || binary.IsKind(SyntaxKind.LogicalAndExpression)
                || binary.IsKind(SyntaxKind.LogicalOrExpression))))
        && statement is ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax;

    private static bool IsInLambdaOf(SyntaxNode node, SyntaxNode around) =>
        node.Ancestors().TakeWhile(one => one != around).Any(one => one is AnonymousFunctionExpressionSyntax);

    private static SyntaxNode? FunctionAround(SyntaxNode node) => node.Ancestors().FirstOrDefault(one =>
        one is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
            or BaseMethodDeclarationSyntax or AccessorDeclarationSyntax
            or CompilationUnitSyntax);
}
