using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>Finds the flow graph of a nested function within that of its member.</summary>
internal static class Graphs
{
    /// <summary>The graph of the lambda or local function; of the member itself if it is null.</summary>
    internal static ControlFlowGraph? Of(
        IOperation? function, ControlFlowGraph member, CancellationToken cancellationToken)
    {
        var functions = new Stack<IOperation>();
        for (var at = function; at is not null; at = Derivations.FunctionOf(at))
        {
            functions.Push(at);
        }

        ControlFlowGraph? graph = member;
        while (graph is not null && functions.Count > 0)
        {
            graph = Inner(functions.Pop(), graph, cancellationToken);
        }

        return graph;
    }

    private static ControlFlowGraph? Inner(
        IOperation function, ControlFlowGraph outer, CancellationToken cancellationToken)
    {
        if (function is ILocalFunctionOperation local)
        {
            return outer.LocalFunctions.Contains(local.Symbol)
                ? outer.GetLocalFunctionControlFlowGraph(local.Symbol, cancellationToken)
                : null;
        }

        var lambda = outer.Blocks
            .SelectMany(block =>
                block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations)
            .SelectMany(operation => operation.DescendantsAndSelf())
            .OfType<IFlowAnonymousFunctionOperation>()
            .FirstOrDefault(one => one.Syntax == function.Syntax);
        return lambda is null ? null : outer.GetAnonymousFunctionControlFlowGraph(lambda, cancellationToken);
    }
}
