using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// Finds <c>ctx = ctx.With…(…)</c> where it happens again and again: in a loop or a lambda.
/// </summary>
internal static class Growth
{
    /// <summary>
    /// "loop" or "lambda", whichever makes the variable of this assignment grow; null if none does.
    /// </summary>
    internal static string? Cause(ISimpleAssignmentOperation assignment, KnownSymbols known)
    {
        if (!known.IsContext(assignment.Target.Type) || RootOf(assignment.Target) is not { } root
            || !Feeds(assignment.Value, assignment.Target, known, derived: false, depth: 0))
        {
            return null;
        }

        for (SyntaxNode node = assignment.Syntax; node.Parent is { } parent; node = parent)
        {
            switch (parent)
            {
                case LocalFunctionStatementSyntax or BaseTypeDeclarationSyntax:
                    return null;
                case AnonymousFunctionExpressionSyntax:
                    return IsDeclaredIn(parent, root) || LoopExit.IsReset(assignment, parent, known)
                        ? null : "lambda";
                case CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax
                    or DoStatementSyntax
                    when IsRepeated(node, parent)
                        && !IsDeclaredIn(parent is CommonForEachStatementSyntax ? parent : node, root):
                    if (!LoopExit.IsLeft(assignment.Syntax, (StatementSyntax)parent)
                        && !LoopExit.IsReset(assignment, parent, known))
                    {
                        return "loop";
                    }

                    break;
            }
        }

        return null;
    }

    /// <summary>Whether the value is derived from what <paramref name="target"/> held before.</summary>
    internal static bool Feeds(IOperation value, IOperation target, KnownSymbols known) =>
        Feeds(value, target, known, derived: true, depth: 0);

    private static bool Feeds(
        IOperation? value, IOperation target, KnownSymbols known, bool derived, int depth)
    {
        // As long as code gets; a variable may be declared from itself in code that does not compile.
        if (depth > 50)
        {
            return false;
        }

        return value switch
        {
            IConversionOperation conversion => Feeds(conversion.Operand, target, known, derived, depth + 1),
            IParenthesizedOperation inner => Feeds(inner.Operand, target, known, derived, depth + 1),
            IConditionalOperation choice => Feeds(choice.WhenTrue, target, known, derived, depth + 1)
                || Feeds(choice.WhenFalse, target, known, derived, depth + 1),
            ICoalesceOperation choice => Feeds(choice.Value, target, known, derived, depth + 1)
                || Feeds(choice.WhenNull, target, known, derived, depth + 1),
            ISwitchExpressionOperation choice =>
                choice.Arms.Any(arm => Feeds(arm.Value, target, known, derived, depth + 1)),
            IInvocationOperation call when IsDerivation(call, known) =>
                Feeds(call.Instance ?? call.Arguments.FirstOrDefault()?.Value, target, known, derived: true,
                    depth + 1),
            _ when value is not null && derived && IsSamePlace(value, target) => true,
            ILocalReferenceOperation local => Feeds(InitialValue(local), target, known, derived, depth + 1),
            _ => false,
        };
    }

    private static bool IsDerivation(IInvocationOperation call, KnownSymbols known) =>
        call.TargetMethod.Name.StartsWith("With", StringComparison.Ordinal) && known.IsContext(call.Type);

    private static IOperation? InitialValue(ILocalReferenceOperation reference)
    {
        var declaration = reference.Local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();
        return declaration is VariableDeclaratorSyntax { Initializer.Value: { } value }
            && value.SyntaxTree == reference.Syntax.SyntaxTree
                ? reference.SemanticModel?.GetOperation(value)
                : null;
    }

    internal static bool IsSamePlace(IOperation one, IOperation other) => (one, other) switch
    {
        (ILocalReferenceOperation a, ILocalReferenceOperation b) => a.Local.IsSame(b.Local),
        (IParameterReferenceOperation a, IParameterReferenceOperation b) => a.Parameter.IsSame(b.Parameter),
        (IMemberReferenceOperation a, IMemberReferenceOperation b) => a.Member.IsSame(b.Member)
            && (a.Instance, b.Instance) switch
            {
                (null, null) => true,
                ({ } first, { } second) => IsSamePlace(first, second),
                _ => false,
            },
        (IInstanceReferenceOperation, IInstanceReferenceOperation) => true,
        _ => false,
    };

    // What the variable hangs on: itself, or the variable, type or instance whose member it is.
    private static ISymbol? RootOf(IOperation target) => target switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } member => member.Member,
        IMemberReferenceOperation { Instance: { } instance } => RootOf(instance),
        _ => null,
    };

    // Not what is done once: the first value of a for loop, what a foreach runs over.
    private static bool IsRepeated(SyntaxNode child, SyntaxNode loop) => loop switch
    {
        ForStatementSyntax each => child != each.Declaration && !each.Initializers.Contains(child),
        CommonForEachStatementSyntax each => child == each.Statement,
        _ => true,
    };

    private static bool IsDeclaredIn(SyntaxNode node, ISymbol symbol) =>
        symbol is ILocalSymbol or IParameterSymbol
        && symbol.DeclaringSyntaxReferences.Any(one =>
            one.SyntaxTree == node.SyntaxTree && node.FullSpan.Contains(one.Span));
}
