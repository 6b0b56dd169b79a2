using Microsoft.CodeAnalysis;

namespace Baton.CodeFixes.Internal;

/// <summary>
/// Changes of nodes, in any document, that are made all at once: also where one stands inside another, and
/// where several fixes want the same.
/// </summary>
internal sealed class SolutionEdits
{
    private readonly Dictionary<DocumentId, Dictionary<SyntaxNode, Func<SyntaxNode, SyntaxNode>>> _edits = [];

    internal bool IsEmpty => _edits.Count == 0;

    /// <summary>Changes a node. The change gets it with all changes inside it made already.</summary>
    internal void Add<T>(Document document, T node, Func<T, SyntaxNode> change)
        where T : SyntaxNode
    {
        if (!_edits.TryGetValue(document.Id, out var nodes))
        {
            _edits.Add(document.Id, nodes = []);
        }

        if (!nodes.ContainsKey(node))
        {
            nodes.Add(node, rewritten => change((T)rewritten));
        }
    }

    internal async Task<Solution> ApplyAsync(Solution solution, CancellationToken cancellationToken)
    {
        foreach (var one in _edits)
        {
            if (await solution.GetDocument(one.Key)!.GetSyntaxRootAsync(cancellationToken)
                .ConfigureAwait(false)
                is { } root)
            {
                solution = solution.WithDocumentSyntaxRoot(
                    one.Key, root.ReplaceNodes(one.Value.Keys, (original, rewritten) =>
                        one.Value[original](rewritten)));
            }
        }

        return solution;
    }
}
