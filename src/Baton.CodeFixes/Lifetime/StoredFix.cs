using Baton.Analyzers;
using Baton.Analyzers.Internal;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Lifetime;

/// <summary>
/// BTN003: the context becomes the first parameter of the methods that use it. Only where the one constructor
/// puts it there, and all that is to change, the callers too, stands in the one document.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class StoredFix() : EditingFix(Descriptors.Stored, "Pass it as a parameter")
{
    internal override async Task EditAsync(FixPlace place, SolutionEdits edits)
    {
        if (place.Node.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } type
            || type.Modifiers.Any(SyntaxKind.PartialKeyword)
            || StoredContext.Of(place, type) is not { } stored || !place.Known.IsContext(
                stored.Symbol.TypeOf()) || place.Known.IsCancelable(stored.Symbol.TypeOf()))
        {
            return;
        }

        var callers = new StoredCallers(place, type);
        foreach (var use in stored.Uses)
        {
            if (!callers.Take(use))
            {
                return;
            }
        }

        if (!await callers.FindAsync(stored.Constructor).ConfigureAwait(false))
        {
            return;
        }

        foreach (var use in stored.Uses)
        {
            edits.Add(place.Document, use, old => SyntaxFactory.IdentifierName("ctx").WithTriviaFrom(old));
        }

        callers.AddTo(edits, stored.Parameter.Type!);
        var at = ((ParameterListSyntax)stored.Parameter.Parent!).Parameters.IndexOf(stored.Parameter);
        foreach (var arguments in callers.Constructions)
        {
            edits.Add(place.Document, arguments, old => old.WithArguments(old.Arguments.RemoveAt(at)));
        }

        edits.Add(place.Document, type, old => stored.RemoveFrom(old, type));
    }
}
