using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>A loop without a condition that works or waits, and never mentions a context.</summary>
/// <param name="Keyword">The loop's keyword.</param>
/// <param name="Scope">The context it could look at.</param>
internal readonly record struct EndlessLoop(SyntaxToken Keyword, ContextInScope Scope)
{
    /// <summary>What to write in the loop.</summary>
    internal string Check => Scope.Expression + ".ThrowIfDone()";

    /// <summary>
    /// Null where the loop ends by itself, looks, or holds something that is reported in its stead.
    /// </summary>
    internal static EndlessLoop? Of(
        IOperation operation, KnownSymbols known, CancellationToken cancellationToken)
    {
        if (operation.SemanticModel is not { } model || KeywordOf(operation) is not { } keyword
            || ContextScope.NearestChosen(operation.Syntax, model, known, cancellationToken) is not { } scope
            || !Works(operation)
            || EndedCode.Contains(operation.Syntax, model, known)
            || operation.Descendants().Any(inner => Looks(inner, known))
            || operation.InFunction().Any(inner => IsReported(inner, model, known, cancellationToken)))
        {
            return null;
        }

        return new(keyword, scope);
    }

    private static SyntaxToken? KeywordOf(IOperation operation) => (operation, operation.Syntax) switch
    {
        (IWhileLoopOperation loop, WhileStatementSyntax syntax) when IsTrue(loop.Condition) =>
            syntax.WhileKeyword,
        (IWhileLoopOperation loop, DoStatementSyntax syntax) when IsTrue(loop.Condition) => syntax.DoKeyword,
        (IForLoopOperation loop, ForStatementSyntax syntax) when loop.Condition is null
            || IsTrue(loop.Condition) => syntax.ForKeyword,
        _ => null,
    };

    private static bool IsTrue(IOperation? condition) =>
        condition?.ConstantValue is { HasValue: true, Value: true };

    /// <summary>Whether the operation mentions a context, a token, or what carries one.</summary>
    internal static bool Looks(IOperation operation, KnownSymbols known) =>
        !operation.IsImplicit
        && operation
            is not (IDefaultValueOperation or IPropertyReferenceOperation { Property.IsStatic: true })
        && (known.IsContext(operation.Type) || known.IsToken(operation.Type)
            || operation.Type.IsSame(known.CancellationTokenSource)
            || operation.Type.IsOrDerivesFrom(known.HttpContext)
            || operation.Type.IsOrDerivesFrom(known.ServerCallContext));

    // Mending that one puts the context into the loop.
    private static bool IsReported(IOperation inner, SemanticModel model, KnownSymbols known,
        CancellationToken cancellationToken) =>
        inner switch
        {
            IInvocationOperation call when MissingContext.Of(call, model, known,
                cancellationToken) is not null => true,
            ILoopOperation loop => KeywordOf(loop) is not null && Works(loop),
            _ => BlockingWait.Of(inner, known, cancellationToken) is not null,
        };

    // One that awaits; or that calls something and has no way out. With a way out it has to block: steps in
    // memory, such as a compare-and-swap that is tried until it succeeds or a walk up a tree, come to their
    // end by themselves.
    private static bool Works(IOperation loop)
    {
        var inside = loop.InFunction().ToList();
        if (inside.Any(one =>
            one is IAwaitOperation or IForEachLoopOperation { IsAsynchronous: true }
                or IUsingOperation { IsAsynchronous: true }))
        {
            return true;
        }

        if (inside.Any(one => one is IReturnOperation { Kind: OperationKind.YieldReturn }))
        {
            return false;
        }

        var calls = inside.OfType<IInvocationOperation>();
        return Leaves(loop.Syntax) ? calls.Any(call => Blocks(call.TargetMethod)) : calls.Any();
    }

    private static bool Leaves(SyntaxNode loop) => loop
        .DescendantNodes(node =>
            node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Any(node => node is ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax
            or GotoStatementSyntax
            || (node is BreakStatementSyntax && node.Ancestors().First(IsBreakable) == loop));

    private static bool IsBreakable(SyntaxNode node) =>
        node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax
        or CommonForEachStatementSyntax or SwitchStatementSyntax;

    // What reads, receives or waits: files, sockets, queues.
    private static bool Blocks(IMethodSymbol method)
    {
        var type = method.ContainingType;
        var space = type.ContainingNamespace?.ToDisplayString() ?? "";
        return space switch
        {
            "System" => type.Name is "Console",
            "System.Threading" => type.Name is not ("Interlocked" or "Volatile" or "SpinWait"),
            "System.Diagnostics" => type.Name is "Process",
            _ => type.Name is "BlockingCollection" || space is "System.IO"
                || space.StartsWith("System.IO.", StringComparison.Ordinal)
                || space.StartsWith("System.Net", StringComparison.Ordinal)
                || space.StartsWith("System.Data", StringComparison.Ordinal),
        };
    }
}
