using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>What is unusual about the context parameter of a declaration.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Says">The flaw, to go on after the parameter's name.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Place">Where it belongs, if it is to be moved.</param>
internal readonly record struct ContextParameter(IParameterSymbol Parameter, string Says, string Remedy,
    int? Place = null)
{
    internal const string UsualName = "ctx";

    /// <summary>
    /// The first flaw; null where there is none, or where the signature is not the author's to choose.
    /// </summary>
    internal static ContextParameter? Flaw(IMethodSymbol method, SyntaxNode declaration, SemanticModel model,
        KnownSymbols known)
    {
        var contexts = method.Parameters.Where(parameter =>
            parameter.Type.IsSame(known.Context) && parameter.RefKind is RefKind.None or RefKind.In
                && !parameter.IsParams).ToList();
        if (contexts.Count is 0)
        {
            return null;
        }

        var found = Find(method, contexts, IsPlaced(declaration, model), known);
        return found is not { } flaw || IsAnothers(method) || (flaw.Place is not null
            && IsDelegate(method, model)) ? null : found;
    }

    private static ContextParameter? Find(
        IMethodSymbol method, List<IParameterSymbol> contexts, bool isPlaced,
        KnownSymbols known)
    {
        var first = contexts[0];
        if (IsUnused(first))
        {
            return null;
        }

        if (!isPlaced && !first.HasExplicitDefaultValue && first.Ordinal is not 0
            && first.Ordinal != FirstPlace(method, known))
        {
            return new(first, "is not the first parameter", "move it to the front",
                FirstPlace(method, known));
        }

        if (first.Name is not UsualName && !(isPlaced && contexts.Count > 1)
            && !(first.Name is "parent" && known.IsContext(method.ReturnType)))
        {
            return new(first, "has another name than others", $"name it '{UsualName}'");
        }

        return !isPlaced
            && contexts.Skip(1).FirstOrDefault(other => !other.HasExplicitDefaultValue) is { } second
            ? new(second, "is a second context", "take one, which can be merged from two by 'WithCancel'")
            : null;
    }

    // Nobody takes a parameter only to discard it: somebody else's signature wants it.
    private static bool IsUnused(IParameterSymbol parameter) =>
        parameter.Name.All(character => character is '_');

    // After `this`; and middleware has its request first.
    private static int FirstPlace(IMethodSymbol method, KnownSymbols known) =>
        method.IsExtensionMethod
        || (method.Name is "Invoke" or "InvokeAsync" && method.Parameters[0].Type.IsSame(known.HttpContext))
            ? 1
            : 0;

    // A lambda's places are its delegate's, unless it is what the delegate is made of.
    private static bool IsPlaced(SyntaxNode declaration, SemanticModel model) =>
        declaration is AnonymousFunctionExpressionSyntax
        && model.GetTypeInfo(declaration).ConvertedType is { TypeKind: TypeKind.Delegate }
        && declaration.Parent
            is not EqualsValueClauseSyntax { Parent.Parent: VariableDeclarationSyntax { Type.IsVar: true } };

    // One that its own file gives away as a delegate, which sets the places.
    private static bool IsDelegate(IMethodSymbol method, SemanticModel model) =>
        method.MethodKind is MethodKind.Ordinary or MethodKind.LocalFunction
        && model.SyntaxTree.GetRoot().DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            name.Identifier.ValueText == method.Name && IsValue(name)
            && model.GetOperation(name)?.Parent is IDelegateCreationOperation or IMethodReferenceOperation);

    private static bool IsValue(IdentifierNameSyntax name)
    {
        SyntaxNode at = name.Parent is MemberAccessExpressionSyntax access && access.Name == name
            ? access : name;
        return at.Parent is ArgumentSyntax or EqualsValueClauseSyntax or AssignmentExpressionSyntax
            or ReturnStatementSyntax
            or ArrowExpressionClauseSyntax or CastExpressionSyntax or ExpressionElementSyntax;
    }

    // An override, an implementation, or the half of a partial method that follows the other one.
    private static bool IsAnothers(IMethodSymbol method)
    {
        if (method.IsOverride || method.IsExtern || method.PartialDefinitionPart is not null
            || !method.ExplicitInterfaceImplementations.IsEmpty)
        {
            return true;
        }

        return method is
        {
            MethodKind: MethodKind.Ordinary,
            ContainingType: { TypeKind: not TypeKind.Interface } type
        }
            && type.AllInterfaces.SelectMany(contract => contract.GetMembers(method.Name))
                .Any(member => type.FindImplementationForInterfaceMember(member).IsSame(method));
    }
}
