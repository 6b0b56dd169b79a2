using Baton.Analyzers.Internal;
using Baton.Analyzers.Lifetime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.LeftAlone;

/// <summary>
/// Tasks that no code waits for: they go on when the request is over, and its context would cancel them.
/// </summary>
internal static class DroppedTask
{
    /// <summary>Whether the expression, or the function, is run by a task that is dropped.</summary>
    internal static bool Is(SyntaxNode node, SemanticModel model, KnownSymbols known) => node switch
    {
        InvocationExpressionSyntax => model.GetOperation(node) is IInvocationOperation call
            && known.IsTask(call.Type) && TaskFate.IsForgotten(call),
        AnonymousFunctionExpressionSyntax lambda => IsHandler(lambda)
            || (model.GetOperation(lambda) is { } function && IsTaken(function, known)),
        _ => false,
    };

    private static bool IsHandler(AnonymousFunctionExpressionSyntax lambda) =>
        lambda.Parent is AssignmentExpressionSyntax assignment
        && assignment.IsKind(SyntaxKind.AddAssignmentExpression);

    // By Task.Run, a thread, a timer, a queue.
    private static bool IsTaken(IOperation function, KnownSymbols known)
    {
        var at = function.Parent;
        while (at is IConversionOperation or IDelegateCreationOperation or IParenthesizedOperation)
        {
            at = at.Parent;
        }

        return at is IArgumentOperation argument && known.Background.Of(argument) is not null;
    }
}
