using Baton.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.LeftAlone;

/// <summary>
/// Code that runs once something was done that cannot be undone: a commit, a charge, a message that is out.
/// What follows belongs to it, although the client leaves in between.
/// </summary>
internal static class PointOfNoReturn
{
    private static readonly string[] s_final =
    [
        "Commit", "Charge", "Publish", "Pay", "Capture", "Debit", "Withdraw", "Transfer", "Settle", "Purchase",
    ];

    // What was sent to another service was done there: its response tells what, so that too has to be read. What was
    // put into a queue will be done.
    private static readonly string[] s_sent = ["Post", "Put", "Patch", "Enqueue"];

    /// <summary>Whether a method of this name does what cannot be undone.</summary>
    internal static bool IsFinal(string name) => Words.BeginsWithOne(name, s_final);

    internal static bool IsPassed(SyntaxNode place, string callee, bool isSuggestion) =>
        IsPassed(place, IsFinal)
        || (isSuggestion && Passed.Calls(place).Any(Messages.IsFinal))
        || (isSuggestion && IsPassed(place, static name => Words.BeginsWithOne(name, s_sent)))
        || (isSuggestion && IsPassed(place, static name => name is "Send" or "SendAsync") && Changes(place))
        || (isSuggestion && !Words.IsRead(callee)
            && IsPassed(place, static name => Words.BeginsWith(name, "SaveChanges")));

    private static bool IsPassed(SyntaxNode place, Func<string, bool> isFinal) =>
        Passed.Calls(place).Any(call => NameOf(call.Expression) is { } name
            && (isFinal(name) || IsCompletedScope(call)));

    // `new HttpRequestMessage(HttpMethod.Post, url)` and `message.Method = HttpMethod.Put`, in the same member.
    private static bool Changes(SyntaxNode place) =>
        place.Ancestors().FirstOrDefault(static node => node.IsMember()) is { } member
        && member.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(static access =>
            access.Name.Identifier.ValueText is "Post" or "Put" or "Patch"
            && NameOf(access.Expression) is "HttpMethod");

    // `scope.Complete()` of a TransactionScope.
    private static bool IsCompletedScope(InvocationExpressionSyntax call) =>
        call is
        {
            Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Complete" } access,
            ArgumentList.Arguments.Count: 0,
        }
        && access.Expression is IdentifierNameSyntax { Identifier.ValueText: var scope }
        && (Words.Holds(scope, "scope") || Words.Holds(scope, "transaction") || scope is "tx" or "ts");

    internal static string? NameOf(ExpressionSyntax callee) => callee switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };
}
