using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Lifetime;

/// <summary>
/// A stored context: what holds it, the constructor's parameter it comes from, and where it is used.
/// </summary>
internal sealed class StoredContext
{
    private StoredContext(ISymbol symbol, IMethodSymbol constructor, ParameterSyntax parameter)
    {
        Symbol = symbol;
        Constructor = constructor;
        Parameter = parameter;
    }

    internal ISymbol Symbol { get; }

    internal IMethodSymbol Constructor { get; }

    internal ParameterSyntax Parameter { get; }

    internal List<IdentifierNameSyntax> Uses { get; } = [];

    private FieldDeclarationSyntax? Field { get; init; }

    private StatementSyntax? Assignment { get; init; }

    /// <summary>
    /// Null where it is not the one constructor's parameter, kept as it is or put into one private field.
    /// </summary>
    internal static StoredContext? Of(FixPlace place, ClassDeclarationSyntax type)
    {
        if (place.Model.GetDeclaredSymbol(type, place.CancellationToken)
            is not { InstanceConstructors: { Length: 1 } constructors })
        {
            return null;
        }

        var stored = place.Node.FirstAncestorOrSelf<SyntaxNode>(node =>
            node is ParameterSyntax or VariableDeclaratorSyntax) switch
        {
            ParameterSyntax parameter when parameter.Parent == type.ParameterList
                && place.Model.GetDeclaredSymbol(parameter, place.CancellationToken) is { } symbol =>
                new StoredContext(symbol, constructors[0], parameter),
            VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax field } variable
                when field.Declaration.Variables.Count is 1
                && place.Model.GetDeclaredSymbol(variable, place.CancellationToken) is IFieldSymbol
                {
                    IsStatic: false, DeclaredAccessibility: Accessibility.Private,
                } symbol => OfField(place, type, field, variable, symbol, constructors[0]),
            _ => null,
        };
        if (stored is null)
        {
            return null;
        }

        stored.Uses.AddRange(Internal.Uses.Of(stored.Symbol, type, place)
            .Where(use => stored.Assignment is null || !stored.Assignment.Span.Contains(use.Span)));
        return stored.Uses.Count > 0 && !stored.Uses.Any(Internal.Uses.IsWrite) ? stored : null;
    }

    /// <summary>The type without the field, the parameter, and the assignment between them.</summary>
    internal ClassDeclarationSyntax RemoveFrom(
        ClassDeclarationSyntax changed, ClassDeclarationSyntax original)
    {
        if (original.ParameterList is { } list && list.Parameters.Contains(Parameter))
        {
            var left = changed.ParameterList!.Parameters.RemoveAt(list.Parameters.IndexOf(Parameter));
            changed = left.Count > 0
                ? changed.WithParameterList(changed.ParameterList.WithParameters(left))
                : changed.WithIdentifier(changed.Identifier.WithTrailingTrivia(
                    changed.ParameterList.GetTrailingTrivia())).WithParameterList(null);
        }
        else if (original.Members.OfType<ConstructorDeclarationSyntax>().FirstOrDefault() is { } constructor)
        {
            var rewritten =
                (ConstructorDeclarationSyntax)changed.Members[original.Members.IndexOf(constructor)];
            var without = rewritten.WithParameterList(rewritten.ParameterList.WithParameters(
                rewritten.ParameterList.Parameters.RemoveAt(
                    constructor.ParameterList.Parameters.IndexOf(Parameter))));
            var at = constructor.Body!.Statements.IndexOf(Assignment!);
            without = without.WithBody(without.Body!.WithStatements(without.Body.Statements.RemoveAt(at)));
            changed = changed.ReplaceNode(rewritten, without);
        }

        return Field is null
            ? changed : changed.WithMembers(changed.Members.RemoveAt(original.Members.IndexOf(Field)));
    }

    private static StoredContext? OfField(
        FixPlace place, ClassDeclarationSyntax type, FieldDeclarationSyntax field,
        VariableDeclaratorSyntax variable,
        IFieldSymbol symbol, IMethodSymbol constructor)
    {
        if (variable.Initializer is { Value: IdentifierNameSyntax given })
        {
            return ParameterOf(given, type, place, given) is { } parameter
                && parameter.Parent == type.ParameterList
                ? new(symbol, constructor, parameter) { Field = field }
                : null;
        }

        var assignment = type.Members.OfType<ConstructorDeclarationSyntax>()
            .SelectMany(one => one.Body?.Statements ?? [])
            .FirstOrDefault(one =>
                one is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax set }
                && set.Right is IdentifierNameSyntax
                && SymbolEqualityComparer.Default.Equals(place.Model.GetSymbolInfo(set.Left).Symbol, symbol));
        return variable.Initializer is null
            && assignment is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax made }
            && made.Right is IdentifierNameSyntax value
            && ParameterOf(value, type, place, value) is { } source
                ? new(symbol, constructor, source) { Field = field, Assignment = assignment }
                : null;
    }

    // The parameter, if it is used for nothing else.
    private static ParameterSyntax? ParameterOf(
        IdentifierNameSyntax name, ClassDeclarationSyntax type, FixPlace place, SyntaxNode only) =>
        place.Model.GetSymbolInfo(name, place.CancellationToken).Symbol is IParameterSymbol parameter
        && Internal.Uses.Of(parameter, type, place).All(use => use == only)
            ? parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(
                place.CancellationToken) as ParameterSyntax
            : null;
}
