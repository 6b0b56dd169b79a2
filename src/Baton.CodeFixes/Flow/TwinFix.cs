using Baton.Analyzers;
using Baton.Analyzers.Flow;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.CodeFixes.Flow;

/// <summary>BTN108: calls the method that takes the context first.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class TwinFix() : EditingFix(Descriptors.Twin, "Call the method that takes the context first")
{
    private protected override void Edit(FixPlace place, SolutionEdits edits)
    {
        if (place.Node.FirstAncestorOrSelf<ArgumentSyntax>() is { Parent.Parent: InvocationExpressionSyntax call } argument
            && place.Model.GetOperation(call, place.CancellationToken) is IInvocationOperation operation
            && operation.Arguments.FirstOrDefault(one => one.Syntax == argument) is { } given
            && Twin.Of(given, place.Known) is { Context.Syntax: ExpressionSyntax context })
        {
            var at = call.ArgumentList.Arguments.IndexOf(argument);
            // `Extensions.GetAsync(client, url, ctx)`: what is extended stays first.
            var first = operation.TargetMethod.IsExtensionMethod
                && operation.Arguments.All(static one => one.Syntax is ArgumentSyntax) ? 1 : 0;
            if (Binds(call, With(call, at, first, context), place.Model))
            {
                edits.Add(place.Document, call, old => With(old, at, first, context));
            }
        }
    }

    private static InvocationExpressionSyntax With(
        InvocationExpressionSyntax call, int at, int first, ExpressionSyntax context)
    {
        var arguments = call.ArgumentList.Arguments;
        var moved = SyntaxFactory.Argument(context.WithoutTrivia());
        var others = arguments.RemoveAt(at);
        if (others.Count > 0 && at == arguments.Count - 1)
        {
            var last = others[others.Count - 1];
            others = others.Replace(last, last.WithTrailingTrivia(arguments[at].GetTrailingTrivia()));
        }

        if (first < others.Count)
        {
            moved = moved.WithLeadingTrivia(others[first].GetLeadingTrivia());
            others = others.Replace(others[first], others[first].WithoutLeadingTrivia());
        }

        var items = others.GetWithSeparators();
        var comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        items = others.Count > first
            ? items.InsertRange(first * 2, [moved, comma])
            : others.Count > 0 ? items.AddRange([comma, moved]) : items.Add(moved);
        return call.WithArgumentList(call.ArgumentList.WithArguments(SyntaxFactory.SeparatedList<ArgumentSyntax>(items)));
    }

    private static bool Binds(SyntaxNode call, InvocationExpressionSyntax changed, SemanticModel model) =>
        changed.Expression is MemberBindingExpressionSyntax
        || call.Ancestors().Any(static node => node is ConditionalAccessExpressionSyntax)
        || model.GetSpeculativeSymbolInfo(
            call.SpanStart, changed, SpeculativeBindingOption.BindAsExpression).Symbol is IMethodSymbol;
}
