using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;

namespace Baton.CodeFixes.Flow;

/// <summary>Methods of one name in one type.</summary>
internal static class Overloading
{
    /// <summary>
    /// Whether another method differs from this one by nothing but the place of a parameter of this type: the two would
    /// be the same once both have it at one place.
    /// </summary>
    internal static bool IsTakenWithout(IParameterSymbol parameter, IMethodSymbol method)
    {
        var others = RestOf(method, parameter.Type);
        foreach (var member in method.ContainingType?.GetMembers(method.Name) ?? [])
        {
            if (member is IMethodSymbol other && !other.IsSame(method) && !IsOtherHalf(other, method)
                && other.Arity == method.Arity && other.Parameters.Length == method.Parameters.Length
                && RestOf(other, parameter.Type) is var rest && rest.Count == others.Count
                && rest.Zip(others, IsAlike).All(static alike => alike))
            {
                return true;
            }
        }

        return false;
    }

    private static List<IParameterSymbol> RestOf(IMethodSymbol method, ITypeSymbol type) =>
        [.. method.Parameters.Where(parameter => !parameter.Type.IsSame(type))];

    private static bool IsOtherHalf(IMethodSymbol one, IMethodSymbol other) =>
        one.IsSame(other.PartialDefinitionPart) || one.IsSame(other.PartialImplementationPart);

    // Type parameters of two methods are alike by their place; that is as near as is needed to offer no fix.
    private static bool IsAlike(IParameterSymbol one, IParameterSymbol other) =>
        (one.RefKind is RefKind.None) == (other.RefKind is RefKind.None)
        && (one.Type.IsSame(other.Type)
            || (one.Type is ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method } first
                && other.Type is ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method } second
                && first.Ordinal == second.Ordinal));
}
