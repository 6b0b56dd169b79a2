using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Lifetime;

/// <summary>A derived context, or a group, that ends when a block is left.</summary>
/// <param name="Local">The variable.</param>
/// <param name="Scope">The code after which it has ended.</param>
internal readonly record struct EndingContext(ILocalSymbol Local, SyntaxNode Scope)
{
    /// <summary>Those that end when the function leaves the place by a return, or the block at its end.</summary>
    internal static IEnumerable<EndingContext> Around(SyntaxNode place, SemanticModel model, KnownSymbols known)
    {
        for (var at = place; at.Parent is { } parent && !parent.IsMember(); at = parent)
        {
            if (parent is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
            {
                yield break;
            }

            foreach (var (variable, scope) in Held(at, parent))
            {
                if (model.GetDeclaredSymbol(variable) is ILocalSymbol local
                    && (known.IsContext(local.Type) || local.Type.IsSame(known.ContextGroup)))
                {
                    yield return new(local, scope);
                }
            }
        }
    }

    internal bool Declares(ISymbol symbol)
    {
        var scope = Scope;
        return symbol is ILocalSymbol && symbol.DeclaringSyntaxReferences.Any(one =>
            one.SyntaxTree == scope.SyntaxTree && scope.Span.Contains(one.Span));
    }

    /// <summary>Whether the block waits for it after the position.</summary>
    internal bool Awaits(string name, int position) => Scope.DescendantNodes().Any(node =>
        node.SpanStart > position && node switch
        {
            AwaitExpressionSyntax wait => wait.Mentions(name),
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Wait" or "Result" or "GetAwaiter" } wait =>
                wait.Expression.Mentions(name),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax all } call =>
                all.Name.Identifier.ValueText is "WaitAll" or "WaitAny" && call.ArgumentList.Mentions(name),
            _ => false,
        });

    private static IEnumerable<(VariableDeclaratorSyntax, SyntaxNode)> Held(SyntaxNode at, SyntaxNode parent) =>
        parent switch
        {
            BlockSyntax block => Declared(block.Statements.TakeWhile(statement => statement != at), block),
            SwitchSectionSyntax section =>
                Declared(section.Statements.TakeWhile(statement => statement != at), section),
            CompilationUnitSyntax unit => Declared(
                unit.Members.TakeWhile(member => member != at).OfType<GlobalStatementSyntax>()
                    .Select(static global => global.Statement), unit),
            UsingStatementSyntax { Declaration: { } declaration } statement when at == statement.Statement =>
                declaration.Variables.Select(variable => (variable, (SyntaxNode)statement)),
            TryStatementSyntax { Finally.Block: { } last } attempt when at == attempt.Block =>
                Disposed(attempt, last),
            _ => [],
        };

    private static IEnumerable<(VariableDeclaratorSyntax, SyntaxNode)> Declared(
        IEnumerable<StatementSyntax> statements, SyntaxNode scope) => statements
        .OfType<LocalDeclarationStatementSyntax>()
        .Where(static local => local.UsingKeyword.IsKind(SyntaxKind.UsingKeyword))
        .SelectMany(static local => local.Declaration.Variables)
        .Select(variable => (variable, scope));

    // `var child = …; try { … } finally { child.Dispose(); }`
    private static IEnumerable<(VariableDeclaratorSyntax, SyntaxNode)> Disposed(
        TryStatementSyntax attempt, BlockSyntax last) => attempt.Parent is not BlockSyntax block
        ? []
        : block.Statements.TakeWhile(statement => statement != attempt).OfType<LocalDeclarationStatementSyntax>()
            .SelectMany(static local => local.Declaration.Variables)
            .Where(variable => last.DescendantNodes().Any(node =>
                node is MemberAccessExpressionSyntax
                {
                    Name.Identifier.ValueText: "Dispose" or "Cancel" or "DisposeAsync",
                    Expression: IdentifierNameSyntax name,
                }
                && name.Identifier.ValueText == variable.Identifier.ValueText))
            .Select(variable => (variable, (SyntaxNode)attempt));
}
