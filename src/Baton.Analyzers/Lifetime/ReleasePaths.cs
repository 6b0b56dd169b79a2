using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// Walks the paths from where a context was put into a local variable, and looks for one that comes to a
/// return, or to the next value of the variable, without a release. Paths that throw out of the function, or
/// never end, are none.
/// </summary>
internal sealed class ReleasePaths(
    ControlFlowGraph graph, ILocalSymbol local, IReadOnlyDictionary<SyntaxNode, Fate> uses, PathFacts facts)
{
    private readonly Dictionary<ControlFlowRegion, End> _finallies = [];
    private HashSet<int> _visited = [];

    [Flags]
    internal enum End
    {
        None = 0,

        /// <summary>Some path returns, and the context is still held.</summary>
        Held = 1,

        /// <summary>Some path puts another value into the variable while the context is still held.</summary>
        Overwritten = 2,

        /// <summary>Some path comes to the end of a finally clause with the context still held.</summary>
        Through = 4,
    }

    /// <summary>
    /// How the paths end that begin behind the assignment which holds <paramref name="creation"/>.
    /// </summary>
    internal End From(SyntaxNode creation)
    {
        foreach (var block in graph.Blocks)
        {
            for (var i = 0; i < block.Operations.Length; i++)
            {
                if (block.Operations[i].DescendantsAndSelf().Any(operation => Assigns(operation, creation)))
                {
                    return Walk(block, i + 1) & (End.Held | End.Overwritten);
                }
            }
        }

        return End.None;
    }

    private bool Assigns(IOperation operation, SyntaxNode creation) =>
        operation is ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment
        && SymbolEqualityComparer.Default.Equals(target.Local, local)
        && assignment.Syntax.Span.Contains(creation.Span);

    private End Visit(BasicBlock block) => _visited.Add(block.Ordinal) ? Walk(block, 0) : End.None;

    private End Walk(BasicBlock block, int start)
    {
        if (block.Kind == BasicBlockKind.Exit)
        {
            return End.Held;
        }

        var found = End.None;
        var operations = block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations;
        for (var i = start; i < operations.Length; i++)
        {
            switch (EffectOf(operations[i]))
            {
                case Fate.Released or Fate.Moved:
                    return found;
                case Fate.Overwritten:
                    return found | End.Overwritten;
                case Fate.Dropped:
                    return found | End.Held;
            }

            if (operations[i].DescendantsAndSelf().Any(CanThrow))
            {
                found |= Throw(block);
            }

            if (operations[i].DescendantsAndSelf().Any(NeverReturns))
            {
                return found;
            }
        }

        return found | Leave(block, block.FallThroughSuccessor) | Leave(block, block.ConditionalSuccessor);
    }

    private End Leave(BasicBlock block, ControlFlowBranch? branch)
    {
        if (branch is null || !facts.CanTake(block, branch))
        {
            return End.None;
        }

        switch (branch.Semantics)
        {
            case ControlFlowBranchSemantics.Throw or ControlFlowBranchSemantics.Rethrow:
                return Throw(block);
            case ControlFlowBranchSemantics.StructuredExceptionHandling:
                return End.Through;
            case ControlFlowBranchSemantics.Regular or ControlFlowBranchSemantics.Return:
                var found = End.None;
                foreach (var region in branch.FinallyRegions)
                {
                    var end = Finally(region);
                    found |= end & ~End.Through;
                    if (!end.HasFlag(End.Through))
                    {
                        return found;
                    }
                }

                return branch.Destination is { } next ? found | Visit(next) : found;
            default:
                return End.None;
        }
    }

    // An exception goes from handler to handler, through the finally clauses between, until one catches
    // everything.
    private End Throw(BasicBlock block)
    {
        var found = End.None;
        for (var region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (region is not { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } whole })
            {
                continue;
            }

            foreach (var handler in whole.NestedRegions)
            {
                if (handler.Kind == ControlFlowRegionKind.Finally && !Finally(handler).HasFlag(End.Through))
                {
                    return found;
                }

                if (handler.Kind is ControlFlowRegionKind.Catch or ControlFlowRegionKind.FilterAndHandler)
                {
                    found |= Visit(graph.Blocks[handler.FirstBlockOrdinal]) & ~End.Through;
                }
            }

            if (whole.NestedRegions.Any(CatchesAll))
            {
                return found;
            }
        }

        return found;
    }

    // Each finally clause is walked once, on its own: it may be passed on many ways.
    private End Finally(ControlFlowRegion region)
    {
        if (!_finallies.TryGetValue(region, out var end))
        {
            _finallies[region] = End.None;
            var outer = _visited;
            _visited = [];
            end = Visit(graph.Blocks[region.FirstBlockOrdinal]);
            _visited = outer;
            _finallies[region] = end;
        }

        return end;
    }

    private Fate EffectOf(IOperation operation)
    {
        var effect = Fate.Used;
        foreach (var one in operation.DescendantsAndSelf())
        {
            if (one is not ILocalReferenceOperation reference
                || !SymbolEqualityComparer.Default.Equals(reference.Local, local))
            {
                continue;
            }

            // Declared again: the loop has come round, and what the last pass made is out of reach.
            var use = reference.IsDeclaration ? Fate.Dropped
                : uses.TryGetValue(reference.Syntax, out var known) ? known : Fate.Used;
            if (use is Fate.Released or Fate.Moved)
            {
                return use;
            }

            effect = use is Fate.Overwritten or Fate.Dropped ? use : effect;
        }

        return effect;
    }

    private static bool CatchesAll(ControlFlowRegion region) => region.Kind == ControlFlowRegionKind.Catch
        && region.ExceptionType is null or { Name: "Exception", ContainingNamespace.Name: "System" }
        or { SpecialType: SpecialType.System_Object };

    private static bool CanThrow(IOperation operation) =>
        operation is IInvocationOperation or IObjectCreationOperation or IAwaitOperation or IThrowOperation;

    private static bool NeverReturns(IOperation operation) => operation is IInvocationOperation call
        && call.TargetMethod.GetAttributes().Any(one => one.AttributeClass?.Name == "DoesNotReturnAttribute");
}
