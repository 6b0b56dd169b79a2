using Baton.Analyzers.Internal;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Flow;

/// <summary>The <c>using</c> directives that what a fix writes needs.</summary>
internal static class Imports
{
    /// <summary>
    /// The namespace that has to be imported so that the context can be written like this; null if none.
    /// </summary>
    internal static string? Missing(ContextInScope scope, int position, FixPlace place) => scope switch
    {
        { Source: not ContextSource.Carrier } or { IsContext: false } => null,
        { Symbol: var symbol } when symbol.TypeOf().IsOrDerivesFrom(place.Known.ServerCallContext) =>
            Unless("Grpc.Core", "BatonServerCallContextExtensions", position, place),
        _ => Unless("Microsoft.AspNetCore.Http", "BatonHttpContextExtensions", position, place),
    };

    /// <summary>The namespace, unless the extensions in it can be called at the position already.</summary>
    internal static string? Unless(string space, string extensions, int position, FixPlace place) =>
        place.Model.LookupNamespacesAndTypes(position, name: extensions).IsEmpty ? space : null;

    /// <summary>Adds the directive at its place in the order, once for a document.</summary>
    internal static void Add(string? space, FixPlace place, SolutionEdits edits)
    {
        if (space is not null && place.Root is CompilationUnitSyntax root)
        {
            edits.Add(place.Document, root, unit => Insert(unit, space));
        }
    }

    private static CompilationUnitSyntax Insert(CompilationUnitSyntax unit, string space)
    {
        var at = 0;
        while (at < unit.Usings.Count && IsBefore(unit.Usings[at], space))
        {
            at++;
        }

        var directive = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(space)
                .WithLeadingTrivia(SyntaxFactory.Space))
            .WithTrailingTrivia(Statements.LineEnd(unit));
        if (at > 0)
        {
            return unit.WithUsings(unit.Usings.Insert(at, directive));
        }

        // What stands at the top, a licence or a pragma, stays there.
        var top = unit.GetLeadingTrivia();
        unit = unit.WithLeadingTrivia(
            unit.Usings.Count is 0 ? SyntaxFactory.TriviaList(Statements.LineEnd(unit)) : default);
        return unit.WithUsings(unit.Usings.Insert(0, directive.WithLeadingTrivia(top)));
    }

    private static bool IsBefore(UsingDirectiveSyntax one, string space)
    {
        if (one.Alias is not null || one.StaticKeyword.IsKind(SyntaxKind.StaticKeyword))
        {
            return false;
        }

        var name = one.Name?.ToString() ?? "";
        return IsOfSystem(name) || string.CompareOrdinal(name, space) < 0
            || one.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword);
    }

    private static bool IsOfSystem(string name) =>
        name is "System" || name.StartsWith("System.", StringComparison.Ordinal);
}
