using Baton.Analyzers;
using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.CodeFixes.Flow;

/// <summary>BTN102: goes on with the context in scope; a source of its own becomes a child of it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class StartsOverFix() : EditingFix(Descriptors.StartsOver, "Go on with the context in scope")
{
    private protected override void Edit(FixPlace place, SolutionEdits edits)
    {
        var fresh = place.Node.FirstAncestorOrSelf<ExpressionSyntax>(node =>
            node.Span == place.Diagnostic.Location.SourceSpan);
        var known = place.Known;
        if (fresh is null
            || place.Model.GetOperation(fresh, place.CancellationToken) is not { } operation
            || StartsOverAnalyzer.Scope(operation, place.Model, known, place.CancellationToken)
                is not { } found)
        {
            return;
        }

        var scope = ContextText.Nearest(found, fresh, place, new SolutionEdits());
        var context = ContextText.AsContext(scope, fresh.SpanStart, place);
        if (known.IsContext(operation.Type))
        {
            Replace(fresh, context);
        }
        else if (known.IsToken(operation.Type))
        {
            Replace(fresh, scope.IsContext
                && operation.User() is not IArgumentOperation
                    ? scope.Expression + ".Done" : scope.Expression);
        }
        else if (operation is IObjectCreationOperation source && !MakeChild(source, context, place, edits)
            && source.Arguments.IsEmpty)
        {
            Replace(fresh, $"CancellationTokenSource.CreateLinkedTokenSource({scope.Expression})");
        }

        if (!edits.IsEmpty)
        {
            _ = ContextText.Nearest(found, fresh, place, edits);
        }

        void Replace(ExpressionSyntax old, string text) =>
            edits.Add(place.Document, old, one => SyntaxFactory.ParseExpression(text).WithTriviaFrom(one));
    }

    // `using var source = new CancellationTokenSource(time)`, of which only the token is used, and Cancel.
    private static bool MakeChild(IObjectCreationOperation source, string context, FixPlace place,
        SolutionEdits edits)
    {
        if (source.Syntax.Parent is not EqualsValueClauseSyntax
            {
                Parent: VariableDeclaratorSyntax
                {
                    Parent: VariableDeclarationSyntax
                    {
                        Type.IsVar: true,
                        Variables.Count: 1
                    }
                } variable,
            }
            || place.Model.GetDeclaredSymbol(variable, place.CancellationToken) is not ILocalSymbol local
            || Derivation(source) is not { } derivation
            || variable.FirstAncestorOrSelf<BlockSyntax>() is not { } block)
        {
            return false;
        }

        var uses = block.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => place.Model.GetSymbolInfo(name, place.CancellationToken).Symbol.IsSame(local))
                .ToList();
        if (!uses.TrueForAll(use => use.Parent is MemberAccessExpressionSyntax
            {
                Name.Identifier.ValueText: "Token" or "Cancel" or "Dispose" or "IsCancellationRequested"
            } access && access.Expression == use))
        {
            return false;
        }

        edits.Add(place.Document, (ExpressionSyntax)source.Syntax, old =>
            SyntaxFactory.ParseExpression($"{context}.{derivation}").WithTriviaFrom(old));
        foreach (var name in uses.Select(use => ((MemberAccessExpressionSyntax)use.Parent!).Name))
        {
            var renamed = name.Identifier.ValueText switch
            {
                "Token" => "Done",
                "IsCancellationRequested" => "IsDone",
                var same => same,
            };
            edits.Add(place.Document, name, old => SyntaxFactory.IdentifierName(renamed).WithTriviaFrom(old));
        }

        return true;
    }

    private static string? Derivation(IObjectCreationOperation source) => source.Arguments.Length switch
    {
        0 => "WithCancel()",
        1 when source.Arguments[0].Value is var time => time.Type?.Name is "TimeSpan"
            ? $"WithTimeout({time.Syntax})"
            : $"WithTimeout(TimeSpan.FromMilliseconds({time.Syntax}))",
        _ => null,
    };
}
