using Baton.Analyzers;
using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Flow;

/// <summary>
/// BTN104: moves the parameter to the front, in all declarations and calls, and names it <c>ctx</c>. Not
/// where the method is used as a delegate, and not where the name is taken. Two contexts are the author's to
/// make one.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class NotFirstFix()
    : EditingFix(Descriptors.NotFirst, "Make it the first parameter, named ctx")
{
    internal override async Task EditAsync(FixPlace place, SolutionEdits edits)
    {
        if (place.Node.FirstAncestorOrSelf<ParameterSyntax>() is not { } syntax
            || place.Model.GetDeclaredSymbol(syntax,
                place.CancellationToken)
                    is not IParameterSymbol { ContainingSymbol: IMethodSymbol method } parameter
            || DeclarationOf(syntax) is not { } declaration
            || ContextParameter.Flaw(method, declaration, place.Model, place.Known) is not { } flaw
            || !flaw.Parameter.IsSame(parameter)
            || method.Parameters.Count(other => place.Known.IsContext(other.Type)
                && !other.HasExplicitDefaultValue) is not 1)
        {
            return;
        }

        var solution = place.Document.Project.Solution;
        var made = new List<Action<SolutionEdits>>();
        var isNamed = parameter.Name is ContextParameter.UsualName
            || await Renaming.TryAsync(solution, parameter, declaration, made,
                place.CancellationToken).ConfigureAwait(false);
        var isMoved = flaw.Place is null || flaw.Place == parameter.Ordinal
            || await Moving.TryAsync(solution, parameter, flaw.Place.Value, made,
                place.CancellationToken).ConfigureAwait(false);
        if (isNamed && isMoved)
        {
            made.ForEach(make => make(edits));
        }
    }

    private static SyntaxNode? DeclarationOf(ParameterSyntax parameter) =>
        parameter.Parent is ParameterListSyntax list ? list.Parent : parameter.Parent;
}
