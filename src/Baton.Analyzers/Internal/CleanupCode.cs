using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Internal;

/// <summary>
/// Code that has to run to its end although the context is done: disposal, <c>finally</c>, rollback. A done
/// context must not be forced on it.
/// </summary>
internal static class CleanupCode
{
    private static readonly string[] s_names =
    [
        "Dispose", "Rollback", "RollBack", "Compensat", "Cleanup", "CleanUp", "TearDown", "Teardown", "Undo",
        "Revert", "Abort", "Release", "Close", "Shutdown", "ShutDown", "Restore", "Unlock", "Nack", "Requeue",
        "DeadLetter", "MarkFailed", "Fail", "Refund", "TryDelete", "TryRemove", "TryRelease", "TryRefund", "TryRevert",
        "TryUndo", "TryRollback", "TryUnlock", "Unreserve", "Reverse",
    ];

    /// <summary>Whether a method of this name cleans up: <c>RollbackAsync</c>, <c>DisposeCore</c>.</summary>
    internal static bool IsCleanupName(string name)
    {
        foreach (var start in s_names)
        {
            if (StartsWithWord(name, start))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the node runs as cleanup: in a <c>finally</c>, or in a function whose job or name that is.
    /// </summary>
    internal static bool Contains(SyntaxNode node)
    {
        for (var at = node.Parent; at is not null and not BaseTypeDeclarationSyntax; at = at.Parent)
        {
            switch (at)
            {
                case FinallyClauseSyntax:
                case DestructorDeclarationSyntax:
                case MethodDeclarationSyntax method when IsCleanupName(method.Identifier.ValueText):
                case LocalFunctionStatementSyntax function when IsCleanupName(function.Identifier.ValueText):
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether the node stands in a <c>catch</c> of the same function.</summary>
    internal static bool IsInCatch(SyntaxNode node)
    {
        for (var at = node.Parent; at is not null and not MemberDeclarationSyntax; at = at.Parent)
        {
            switch (at)
            {
                case CatchClauseSyntax:
                    return true;
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax:
                    return false;
            }
        }

        return false;
    }

    // "Close" and "CloseAsync", but not "Closest".
    private static bool StartsWithWord(string name, string start)
    {
        if (!name.StartsWith(start, StringComparison.Ordinal))
        {
            return false;
        }

        return name.Length == start.Length || !char.IsLower(name[start.Length]) || start is "Compensat";
    }
}
