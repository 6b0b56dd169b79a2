using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Values;

/// <summary>Tells who else can see a member.</summary>
internal static class Visibility
{
    /// <summary>Whether code outside the project can see it: in a library, and public all the way.</summary>
    internal static bool IsPublic(ISymbol member, Compilation compilation)
    {
        if (compilation.Options.OutputKind != OutputKind.DynamicallyLinkedLibrary)
        {
            return false;
        }

        for (ISymbol? at = member; at is not null and not INamespaceSymbol; at = at.ContainingSymbol)
        {
            if (at.DeclaredAccessibility
                is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }
}
