using Baton.Analyzers;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Values;

/// <summary>BTN201: a <c>static readonly</c> field: the one that is there, or a new one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class KeyFieldFix() : ContextCodeFix(Descriptors.KeyMadeAgain)
{
    private protected override CodeAction? Offer(FixPlace place)
    {
        if (place.Node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is not { } creation
            || creation.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type
            || type is ExtensionBlockDeclarationSyntax or InterfaceDeclarationSyntax
            || creation.ArgumentList is not { Arguments.Count: 1 } arguments
            || arguments.Arguments[0].Expression is not { } name
            || !place.Model.GetConstantValue(name, place.CancellationToken).HasValue
            || place.Model.GetTypeInfo(creation, place.CancellationToken).Type
                is not INamedTypeSymbol { TypeArguments.Length: 1 } made
            || made.TypeArguments[0] is not { TypeKind: not TypeKind.TypeParameter } value)
        {
            return null;
        }

        if (creation.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable }
            && variable.Parent?.Parent is FieldDeclarationSyntax field
            && field.Declaration.Variables.Count == 1 && CanBeStatic(variable, type, place))
        {
            return Change("Make the key 'static readonly'", _ => place.Replace(field, MakeStatic(field)));
        }

        return Change("Make the key a 'static readonly' field",
            _ => Task.FromResult(Extract(place, type, creation, name, value)));
    }

    private static Document Extract(
        FixPlace place, TypeDeclarationSyntax type, BaseObjectCreationExpressionSyntax creation,
        ExpressionSyntax nameOf, ITypeSymbol value)
    {
        var field = Statements.FreeName(
            place with { Node = type },
            FieldName(place.Model.GetConstantValue(nameOf, place.CancellationToken).Value as string));
        var argument = value.ToMinimalDisplayString(place.Model, creation.SpanStart);
        var indentation = Statements.Indentation(type.GetLeadingTrivia()) + "    ";
        var lineEnd = Statements.LineEnd(place.Root).ToString();
        var declaration = SyntaxFactory.ParseMemberDeclaration(
            $"{indentation}private static readonly ContextKey<{argument}> {field} = new({nameOf});"
            + lineEnd)!;
        var gap = type.Members.Count > 0 && type.Members[0] is FieldDeclarationSyntax ? "" : lineEnd;
        var changed = type.ReplaceNode(
            (SyntaxNode)creation, SyntaxFactory.IdentifierName(field).WithTriviaFrom(creation));
        changed = changed.WithMembers(changed.Members.Insert(
            0, declaration.WithTrailingTrivia(SyntaxFactory.ParseTrailingTrivia(lineEnd)
                .AddRange(SyntaxFactory.ParseTrailingTrivia(gap)))));
        return place.Document.WithSyntaxRoot(place.Root.ReplaceNode(type, changed));
    }

    // "tenant-id" becomes s_tenantId.
    private static string FieldName(string? key)
    {
        var words = (key ?? "").Split([.. (key ?? "").Where(c => !char.IsLetterOrDigit(c)), ' '],
            StringSplitOptions.RemoveEmptyEntries);
        var joined = string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
        return joined.Length == 0 || !char.IsLetter(joined[0])
            ? "s_key" : $"s_{char.ToLowerInvariant(joined[0])}{joined.Substring(1)}";
    }

    private static FieldDeclarationSyntax MakeStatic(FieldDeclarationSyntax field)
    {
        foreach (var kind in (SyntaxKind[])[SyntaxKind.StaticKeyword, SyntaxKind.ReadOnlyKeyword])
        {
            if (!field.Modifiers.Any(kind))
            {
                var at = field.Modifiers.IndexOf(SyntaxKind.ReadOnlyKeyword);
                var token = SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space);
                field = field.Modifiers.Count == 0
                    ? field.WithoutLeadingTrivia()
                        .WithModifiers([token.WithLeadingTrivia(field.GetLeadingTrivia())])
                    : field.WithModifiers(
                        field.Modifiers.Insert(at < 0 ? field.Modifiers.Count : Math.Max(at, 1), token));
            }
        }

        return field;
    }

    // Nothing may reach it through an instance, or write to it.
    private static bool CanBeStatic(
        VariableDeclaratorSyntax variable, TypeDeclarationSyntax type, FixPlace place) =>
        place.Model.GetDeclaredSymbol(variable, place.CancellationToken)
            is IFieldSymbol { DeclaredAccessibility: Accessibility.Private } symbol
        && (symbol.IsReadOnly || symbol.IsStatic || !type.Modifiers.Any(SyntaxKind.PartialKeyword))
        && Uses.Of(symbol, type, place).All(use => !Uses.IsWrite(use)
            && (use.Parent is not MemberAccessExpressionSyntax access || access.Name != use
                || symbol.IsStatic));
}
