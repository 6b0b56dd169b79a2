using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Internal;

internal static class SymbolExtensions
{
    internal static bool IsSame([NotNullWhen(true)] this ISymbol? symbol, ISymbol? other) =>
        symbol is not null && SymbolEqualityComparer.Default.Equals(symbol, other);

    internal static bool IsOrDerivesFrom([NotNullWhen(true)] this ITypeSymbol? type, ITypeSymbol? ancestor)
    {
        for (; type is not null && ancestor is not null; type = type.BaseType)
        {
            if (type.IsSame(ancestor))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the type is the interface or implements it.</summary>
    internal static bool Implements([NotNullWhen(true)] this ITypeSymbol? type, ITypeSymbol? contract) =>
        type is not null && contract is not null
        && (type.IsSame(contract) || type.AllInterfaces.Any(one => one.IsSame(contract)));

    internal static bool HasAttribute(this ISymbol symbol, INamedTypeSymbol? attribute) =>
        attribute is not null && symbol.GetAttributes().Any(one => one.AttributeClass.IsSame(attribute));

    /// <summary>The type of a local, parameter, field, property, event or method's result.</summary>
    internal static ITypeSymbol? TypeOf(this ISymbol? symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IEventSymbol @event => @event.Type,
        IMethodSymbol method => method.ReturnType,
        _ => null,
    };

    /// <summary>Whether it is a constructor whose parameters stand after the type's name.</summary>
    internal static bool IsPrimary(this IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(static one => one.GetSyntax() is TypeDeclarationSyntax);
}
