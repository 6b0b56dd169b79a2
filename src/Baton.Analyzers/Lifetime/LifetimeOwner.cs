using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// A disposable type that has a derived context of its own and ends it: its lifetime is the context's.
/// </summary>
internal static class LifetimeOwner
{
    internal static bool Is(INamedTypeSymbol type, KnownSymbols known)
    {
        if (!type.Implements(known.Disposable) && !type.Implements(known.AsyncDisposable))
        {
            return false;
        }

        // What a primary constructor is given, too: a child that is handed over is the new owner's.
        var owned = new HashSet<string>(type.GetMembers()
            .Where(static member => member is IFieldSymbol or IPropertySymbol)
            .Concat(type.InstanceConstructors
                .Where(static constructor => constructor.IsPrimary())
                .SelectMany(static constructor => constructor.Parameters))
            .Where(member => known.IsCancelable(member.TypeOf())).Select(static member => member.Name));
        return owned.Count > 0 && type.DeclaringSyntaxReferences.Any(one => Ends(one.GetSyntax(), owned));
    }

    // _ctx.Dispose(), this._ctx?.Cancel(…), using (_ctx)
    private static bool Ends(SyntaxNode type, HashSet<string> owned) =>
        type.DescendantNodes().Any(node => node switch
    {
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Dispose" or "Cancel" } access =>
            IsOwned(access.Expression, owned),
        ConditionalAccessExpressionSyntax access => IsOwned(access.Expression, owned)
            && access.WhenNotNull is InvocationExpressionSyntax
            {
                Expression: MemberBindingExpressionSyntax
                {
                    Name.Identifier.ValueText: "Dispose" or "Cancel"
                },
            },
        UsingStatementSyntax { Expression: { } resource } => IsOwned(resource, owned),
        _ => false,
    });

    private static bool IsOwned(ExpressionSyntax expression, HashSet<string> owned) => expression switch
    {
        IdentifierNameSyntax name => owned.Contains(name.Identifier.ValueText),
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access =>
            owned.Contains(access.Name.Identifier.ValueText),
        PostfixUnaryExpressionSyntax sure => IsOwned(sure.Operand, owned),
        _ => false,
    };
}
