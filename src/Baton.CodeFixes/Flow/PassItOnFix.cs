using Baton.Analyzers;
using Baton.Analyzers.Flow;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.CodeFixes.Flow;

/// <summary>BTN101: adds the argument.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class PassItOnFix() : GiveContextFix(Descriptors.PassItOn, "Pass the context on");

/// <summary>BTN112: adds the argument, and the <c>using</c> that its name needs.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class CouldBePassedFix() : GiveContextFix(
    Descriptors.CouldBePassed, "Pass the request's context");

/// <summary>Adds the argument for a context to a call.</summary>
internal abstract class GiveContextFix(DiagnosticDescriptor rule, string title) : EditingFix(rule, title)
{
    private protected override void Edit(FixPlace place, SolutionEdits edits)
    {
        var known = place.Known;
        if (place.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call
            && place.Model.GetOperation(call, place.CancellationToken) is IInvocationOperation operation
            && MissingContext.Of(operation, place.Model, known, place.CancellationToken) is { } missing)
        {
            var local = new SolutionEdits();
            var scope = ContextText.Nearest(missing.Scope, call, place, local);
            var isToken = known.IsToken(missing.Parameter.Type);
            var value = SyntaxFactory.ParseExpression(isToken
                ? scope.Expression
                : ContextText.AsContext(scope, call.SpanStart, place));
            var import = Imports.Missing(scope, call.SpanStart, place);
            var tried = import is null
                ? value : SyntaxFactory.ParseExpression(isToken
                    ? "default(global::System.Threading.CancellationToken)" : "default(global::Baton.Context)!");
            if (Binds(call, With(call, operation, missing, tried), scope == missing.Scope, place.Model))
            {
                _ = ContextText.Nearest(missing.Scope, call, place, edits);
                edits.Add(place.Document, call, old => With(old, operation, missing, value));
                Imports.Add(import, place, edits);
            }
        }
    }

    private static InvocationExpressionSyntax With(
        InvocationExpressionSyntax call, IInvocationOperation operation, MissingContext missing,
            ExpressionSyntax value)
    {
        var parameter = missing.Parameter;
        var isReduced = missing.Callee.MethodKind is not MethodKind.ReducedExtension
            && missing.Callee.IsExtensionMethod
            && operation.Arguments.Any(argument => argument.Syntax is not ArgumentSyntax
                && argument.Parameter?.Ordinal is 0);
        var at = parameter.Ordinal - (isReduced ? 1 : 0);
        var arguments = Gathered(call.ArgumentList.Arguments, operation, missing.Callee);
        var isInPlace = at <= arguments.Count
            && arguments.Take(at).All(argument => argument.NameColon is null);
        var added = SyntaxFactory.Argument(isInPlace
            ? null : SyntaxFactory.NameColon(parameter.Name), default, value);
        var index = isInPlace ? at : arguments.Count;
        return call.WithArgumentList(call.ArgumentList.WithArguments(Insert(arguments, index, added)));
    }

    // Loose arguments become an array where the overload wants one.
    private static SeparatedSyntaxList<ArgumentSyntax> Gathered(
        SeparatedSyntaxList<ArgumentSyntax> arguments, IInvocationOperation operation, IMethodSymbol callee)
    {
        var loose = operation.Arguments.FirstOrDefault(argument =>
            argument.ArgumentKind is ArgumentKind.ParamArray or ArgumentKind.ParamCollection);
        if (loose?.Parameter is null || callee.Parameters.Any(parameter => parameter.IsParams))
        {
            return arguments;
        }

        var isReduced = operation.Arguments.Any(argument => argument.Syntax is not ArgumentSyntax
            && argument.Parameter?.Ordinal is 0
            && operation.TargetMethod.IsExtensionMethod);
        var first = loose.Parameter.Ordinal - (isReduced ? 1 : 0);
        var elements = arguments.Skip(first).Select(argument =>
            (CollectionElementSyntax)SyntaxFactory.ExpressionElement(argument.Expression));
        var array = SyntaxFactory.CollectionExpression(SyntaxFactory.SeparatedList(
            elements, Enumerable.Repeat(Comma, Math.Max(arguments.Count - first - 1, 0))));
        return SyntaxFactory.SeparatedList(
            arguments.Take(first).Append(SyntaxFactory.Argument(array)), Enumerable.Repeat(Comma, first));
    }

    private static SyntaxToken Comma =>
        SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);

    private static SeparatedSyntaxList<ArgumentSyntax> Insert(
        SeparatedSyntaxList<ArgumentSyntax> arguments, int index, ArgumentSyntax added)
    {
        var items = arguments.GetWithSeparators();
        if (arguments.Count is 0)
        {
            return arguments.Add(added);
        }

        // At the end it takes over the line that the last one stood on; before others it stands on the line
        // of the first.
        return index == arguments.Count
            ? SyntaxFactory.SeparatedList<ArgumentSyntax>(
                items.Replace(arguments.Last(), arguments.Last().WithoutTrailingTrivia()).Add(Comma)
                    .Add(added.WithTrailingTrivia(arguments.Last().GetTrailingTrivia())))
            : SyntaxFactory.SeparatedList<ArgumentSyntax>(items
                .Replace(arguments[index], arguments[index].WithoutLeadingTrivia())
                .InsertRange(
                    index * 2, [added.WithLeadingTrivia(arguments[index].GetLeadingTrivia()), Comma]));
    }

    // Whether the compiler finds an overload for it. It cannot be asked amid a conditional access, nor about
    // a new name.
    private static bool Binds(SyntaxNode call, InvocationExpressionSyntax changed, bool isNamed,
        SemanticModel model) =>
        !isNamed || changed.Expression is MemberBindingExpressionSyntax
            || call.Ancestors().Any(node => node is ConditionalAccessExpressionSyntax)
        || model.GetSpeculativeSymbolInfo(call.SpanStart, changed,
            SpeculativeBindingOption.BindAsExpression).Symbol is IMethodSymbol;
}
