using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;

namespace Baton.CodeFixes.Internal;

/// <summary>An offer that changes its one document.</summary>
internal sealed class DocumentChange(
    string title, string key, Func<CancellationToken, Task<Document>> change) : CodeAction
{
    public override string Title => title;

    public override string EquivalenceKey => key;

    /// <summary>
    /// The changed document as it is, for Fix All: formatting it at every place takes as long again.
    /// </summary>
    internal Task<Document> MakeAsync(CancellationToken cancellationToken) => change(cancellationToken);

    protected override Task<Document> GetChangedDocumentAsync(CancellationToken cancellationToken) =>
        change(cancellationToken);
}
