using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Flow;

/// <summary>How the context that a fix gives is written at a place.</summary>
internal static class ContextText
{
    /// <summary>
    /// The type's name: <c>Context</c>, or in full where that means something else, as in a hub.
    /// </summary>
    internal static string TypeAt(int position, FixPlace place)
    {
        var context = place.Known.Context;
        var found = place.Model.LookupSymbols(position, name: context.Name);
        return found.Length is 1 && found[0].IsSame(context) ? context.Name : "Baton.Context";
    }

    /// <summary>The context itself: a token is made one.</summary>
    internal static string AsContext(ContextInScope scope, int position, FixPlace place) =>
        scope.IsContext ? scope.Expression : $"{TypeAt(position, place)}.FromToken({scope.Expression})";

    /// <summary>
    /// The context in scope, or the nearer one that a group gave the function around the place; if that was
    /// left without a name, it gets one.
    /// </summary>
    internal static ContextInScope Nearest(
        ContextInScope scope, SyntaxNode at, FixPlace place, SolutionEdits edits)
    {
        if (NearerContext.Of(scope.Symbol, at, at, place.Model, place.Known) is not { } nearer)
        {
            return scope;
        }

        return scope with { Expression = Named(nearer, at, place, edits), IsContext = true };
    }

    /// <summary>The name; for a discard, the one that it is given.</summary>
    internal static string Named(string nearer, SyntaxNode at, FixPlace place, SolutionEdits edits)
    {
        if (nearer is not "_"
            || at.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>(HasDiscard) is not { } lambda)
        {
            return nearer;
        }

        var uses = lambda.DescendantNodes().OfType<IdentifierNameSyntax>().Count(name =>
            name.Identifier.ValueText is ContextParameter.UsualName);
        var isOwn = at is IdentifierNameSyntax { Identifier.ValueText: ContextParameter.UsualName };
        var name = uses <= (isOwn ? 1 : 0) ? ContextParameter.UsualName : "inner";
        var parameter = Parameters(lambda).First(one => one.Identifier.ValueText is "_");
        edits.Add(place.Document, parameter, old => old.WithIdentifier(
            SyntaxFactory.Identifier(name).WithTriviaFrom(old.Identifier)));
        return name;
    }

    private static bool HasDiscard(AnonymousFunctionExpressionSyntax lambda) =>
        Parameters(lambda).Any(parameter => parameter.Identifier.ValueText is "_");

    private static SeparatedSyntaxList<ParameterSyntax> Parameters(
        AnonymousFunctionExpressionSyntax lambda) =>
        lambda switch
        {
            SimpleLambdaExpressionSyntax simple => SyntaxFactory.SingletonSeparatedList(simple.Parameter),
            ParenthesizedLambdaExpressionSyntax list => list.ParameterList.Parameters,
            _ => default,
        };
}
