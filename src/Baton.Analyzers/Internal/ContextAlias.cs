using Baton.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Internal;

/// <summary>Tokens that are a context by another name: <c>var token = ctx.Done;</c>.</summary>
internal static class ContextAlias
{
    internal static bool Is(ISymbol token, SemanticModel model, KnownSymbols known) =>
        token is ILocalSymbol
        && token.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
            is VariableDeclaratorSyntax { Initializer.Value: { } value }
        && value.SyntaxTree == model.SyntaxTree
        && ContextChain.Of(value, model, known) is { } chain
        && known.IsContext(chain.Root.TypeOf());
}
