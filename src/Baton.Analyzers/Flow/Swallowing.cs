using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Flow;

/// <summary>What a catch of everything does so that a cancellation is not lost in it.</summary>
internal static class Swallowing
{
    /// <summary>
    /// Whether the clause itself lets it through: it throws, leaves, asks, or hands the exception over.
    /// </summary>
    internal static bool Lets(CatchClauseSyntax clause, SemanticModel model) =>
        InFunction(clause.Block)
            .Any(node => Throws(node, model) || IsTypeTest(node) || IsHandingOver(node, clause))
        || EndedCode.Asks(clause.Block) || clause.Block.Mentions("ThrowIfDone")
        || clause.Block.Mentions("ThrowIfCancellationRequested")
        || Leaves(clause.Block, model);

    /// <summary>Whether a loop around the <c>try</c>, or what follows it, looks at a context.</summary>
    internal static bool IsLookedAtElsewhere(
        TryStatementSyntax attempt, CatchClauseSyntax clause, SemanticModel model, KnownSymbols known)
    {
        for (SyntaxNode at = attempt; at.Parent is { } parent && !parent.IsMember()
            && parent is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax); at = parent)
        {
            if (parent is BlockSyntax block
                && block.Statements.SkipWhile(statement => statement != at).Skip(1)
                .Any(next => Checks(next) || (next is ThrowStatementSyntax or ExpressionStatementSyntax
                    && InFunction(next).Prepend(next)
                    .Any(node => Throws(node, model)))))
            {
                return true;
            }

            if (parent is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax
                or CommonForEachStatementSyntax
                && Looks(parent, attempt, clause, model, known))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Checks(SyntaxNode statement) =>
        EndedCode.Asks(statement) || statement.Mentions("ThrowIfDone")
            || statement.Mentions("ThrowIfCancellationRequested");

    // What a `foreach` runs over is asked for once, before the loop. What follows a `continue` is not come to.
    private static bool Looks(SyntaxNode loop, TryStatementSyntax attempt, CatchClauseSyntax clause,
        SemanticModel model, KnownSymbols known)
    {
        var repeated = loop is CommonForEachStatementSyntax { AwaitKeyword.RawKind: 0 } each ? each.Statement : loop;
        var goesOn = InFunction(clause.Block).Any(static node => node is ContinueStatementSyntax)
            && model.AnalyzeControlFlow(clause.Block) is { Succeeded: true, EndPointIsReachable: false };
        return repeated.DescendantNodesAndSelf(node => node != attempt)
            .OfType<IdentifierNameSyntax>()
            .Any(name => !(goesOn && repeated != loop && name.SpanStart > attempt.SpanStart)
                && model.GetTypeInfo(name).Type is { } type && (known.IsContext(type) || known.IsToken(type)));
    }

    private static IEnumerable<SyntaxNode> InFunction(SyntaxNode node) =>
        node.DescendantNodes(inner =>
            inner is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));

    // By itself, or by a method that is there to throw.
    private static bool Throws(SyntaxNode node, SemanticModel model) =>
        node is ThrowStatementSyntax or ThrowExpressionSyntax
        || (node is InvocationExpressionSyntax call
            && model.GetSymbolInfo(call).Symbol is IMethodSymbol method
            && (method.Name.StartsWith("Throw", StringComparison.Ordinal)
                && method.Name is not ("ThrowIfDone" or "ThrowIfCancellationRequested")
                || method.GetAttributes().Any(attribute =>
                    attribute.AttributeClass?.Name is "DoesNotReturnAttribute")));

    // `e is OperationCanceledException`, in whatever form.
    private static bool IsTypeTest(SyntaxNode node) =>
        node is IdentifierNameSyntax
        {
            Identifier.ValueText: "OperationCanceledException" or "TaskCanceledException"
            or "ContextCanceledException" or "DeadlineExceededException"
        };

    // Kept for later, or given to whoever waits for the outcome. Writing it to a log is neither.
    private static bool IsHandingOver(SyntaxNode node, CatchClauseSyntax clause)
    {
        if (clause.Declaration?.Identifier.ValueText is not { Length: > 0 } exception)
        {
            return false;
        }

        return node switch
        {
            AssignmentExpressionSyntax { Right: IdentifierNameSyntax right } =>
                right.Identifier.ValueText == exception,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call =>
                access.Name.Identifier.ValueText is "SetException" or "TrySetException" or "Complete"
                    or "TryComplete" or "Capture" or "Cancel" or "Fail" or "Add" or "Enqueue" or "OnError"
                && call.ArgumentList.Arguments.Any(argument => argument.Mentions(exception)),
            _ => false,
        };
    }

    // By return, break or goto; `continue` goes on with the work.
    private static bool Leaves(BlockSyntax block, SemanticModel model)
    {
        if (InFunction(block).Any(node => node is InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax
                {
                    Expression: IdentifierNameSyntax { Identifier.ValueText: "Environment" },
                    Name.Identifier.ValueText: "Exit" or "FailFast",
                },
            }))
        {
            return true;
        }

        return model.AnalyzeControlFlow(block) is { Succeeded: true, EndPointIsReachable: false } flow
            && !flow.ExitPoints.Any(exit => exit.IsKind(SyntaxKind.ContinueStatement));
    }
}
