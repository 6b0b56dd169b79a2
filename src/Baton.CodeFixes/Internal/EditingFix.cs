using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Baton.CodeFixes.Internal;

/// <summary>A fix that is a set of edits, so that those of many places can be made at once.</summary>
internal abstract class EditingFix(DiagnosticDescriptor rule, string title) : ContextCodeFix(rule)
{
    public sealed override FixAllProvider GetFixAllProvider() => new EditingFixAll(this);

    internal string Title { get; } = title;

    /// <summary>Adds the edits that mend the place; none where no fix is right.</summary>
    private protected virtual void Edit(FixPlace place, SolutionEdits edits)
    {
    }

    /// <summary>The same, for a fix that has to look at other documents first.</summary>
    internal virtual Task EditAsync(FixPlace place, SolutionEdits edits)
    {
        Edit(place, edits);
        return Task.CompletedTask;
    }

    private protected sealed override async Task<CodeAction?> OfferAsync(FixPlace place)
    {
        var edits = new SolutionEdits();
        await EditAsync(place, edits).ConfigureAwait(false);
        var solution = place.Document.Project.Solution;
        return edits.IsEmpty ? null : ChangeSolution(Title, cancellationToken =>
            edits.ApplyAsync(solution, cancellationToken));
    }
}
