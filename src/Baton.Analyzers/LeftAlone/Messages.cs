using Baton.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.LeftAlone;

/// <summary>
/// Calls whose name says only that a message is handled, such as <c>mediator.Send(new RefundCommand(…))</c>: what is
/// done there is said by the name of the message.
/// </summary>
internal static class Messages
{
    private static readonly string[] s_carriers =
        ["Send", "Execute", "Dispatch", "Handle", "Invoke", "Request", "Publish", "Process", "Run", "Call"];

    private static readonly string[] s_reads = ["Get", "Find", "List", "Query", "Can", "Is", "Has", "Count", "Search", "Check", "Read"];

    private static readonly string[] s_final =
        ["Capture", "Charge", "Pay", "Paid", "Commit", "Debit", "Withdraw", "Transfer", "Settle", "Purchase", "Publish"];

    private static readonly string[] s_forOthers =
        ["Refund", "Void", "Compensate", "Undo", "Revert", "Rollback", "Release", "Unlock", "Send", "Notify", "Broadcast"];

    // What is started there may run for others too, or longer than the request.
    private static readonly string[] s_lifetimes = ["Start", "Restart", "Run", "Listen", "Subscribe", "Bootstrap"];

    /// <summary>Whether the message is one that has to be handled to its end, although the client leaves.</summary>
    internal static bool HasToBeHandled(IInvocationOperation call) =>
        Words.BeginsWithOne(call.TargetMethod.Name, s_carriers)
        && call.Arguments.Any(static argument => argument.ArgumentKind is ArgumentKind.Explicit
            && NamesOf(argument.Value.Unconverted()).Any(HasToBeHandled));

    // Also of a local, and of the branches of `isNew ? new CreateOrder() : new ChangeOrder()`.
    private static IEnumerable<string> NamesOf(IOperation value)
    {
        yield return value.Type?.Name ?? "";
        var syntax = value is ILocalReferenceOperation { Local: var local }
            ? (local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as VariableDeclaratorSyntax)?.Initializer?.Value
            : value.Syntax as ExpressionSyntax;
        foreach (var branch in Branches(syntax))
        {
            if (branch is ObjectCreationExpressionSyntax { Type: SimpleNameSyntax type })
            {
                yield return type.Identifier.ValueText;
            }
        }
    }

    private static IEnumerable<ExpressionSyntax> Branches(ExpressionSyntax? value) => value switch
    {
        null => [],
        ParenthesizedExpressionSyntax inner => Branches(inner.Expression),
        CastExpressionSyntax cast => Branches(cast.Expression),
        ConditionalExpressionSyntax choice => Branches(choice.WhenTrue).Concat(Branches(choice.WhenFalse)),
        SwitchExpressionSyntax choice => choice.Arms.SelectMany(static arm => Branches(arm.Expression)),
        _ => [value],
    };

    /// <summary>Whether the message does what cannot be undone.</summary>
    internal static bool IsFinal(InvocationExpressionSyntax call) =>
        PointOfNoReturn.NameOf(call.Expression) is { } name && Words.BeginsWithOne(name, s_carriers)
        && call.ArgumentList.Arguments.Any(static argument => argument.Expression
            is ObjectCreationExpressionSyntax { Type: SimpleNameSyntax type }
            && !Words.BeginsWithOne(type.Identifier.ValueText, s_reads) && HasWord(type.Identifier.ValueText, s_final));

    private static bool HasToBeHandled(string message) =>
        !Words.BeginsWithOne(message, s_reads)
        && (HasWord(message, s_final) || HasWord(message, s_forOthers) || IsEvent(message)
            || Words.BeginsWithOne(message, s_lifetimes));

    // "OrderPlacedCommand", "OrderEvent": it says what has happened already.
    private static bool IsEvent(string message) =>
        message.EndsWith("Event", StringComparison.Ordinal) || message.EndsWith("Notification", StringComparison.Ordinal)
        || message.EndsWith("edCommand", StringComparison.Ordinal) || Words.Holds(message, "Email");

    private static bool HasWord(string name, string[] words)
    {
        for (var at = 0; at < name.Length; at++)
        {
            if (char.IsUpper(name[at]) && Words.BeginsWithOne(name.Substring(at), words))
            {
                return true;
            }
        }

        return false;
    }
}
