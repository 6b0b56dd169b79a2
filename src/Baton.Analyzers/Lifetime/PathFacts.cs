using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// What is known on every path from a creation on: the variable is not null, and the conditions under which
/// the creation stands hold. Code that asks the same again, to dispose what it made, goes the same way.
/// </summary>
internal sealed class PathFacts
{
    private readonly ILocalSymbol _local;
    private readonly Dictionary<string, bool> _known = [];

    internal PathFacts(ILocalSymbol local, SyntaxNode creation)
    {
        _local = local;
        for (SyntaxNode node = creation; node.Parent is { } parent; node = parent)
        {
            switch (parent)
            {
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
                    or MemberDeclarationSyntax:
                    return;
                case IfStatementSyntax choice when node == choice.Statement || node == choice.Else:
                    Learn(choice.Condition, node == choice.Statement);
                    break;
                case ConditionalExpressionSyntax choice when node != choice.Condition:
                    Learn(choice.Condition, node == choice.WhenTrue);
                    break;
            }
        }
    }

    /// <summary>Whether the branch can be taken, for all that is known.</summary>
    internal bool CanTake(BasicBlock block, ControlFlowBranch branch)
    {
        if (block.ConditionKind == ControlFlowConditionKind.None || block.BranchValue is not { } condition
            || Evaluate(condition) is not { } value)
        {
            return true;
        }

        var jumps = value == (block.ConditionKind == ControlFlowConditionKind.WhenTrue);
        return jumps == branch.IsConditionalSuccessor;
    }

    private bool? Evaluate(IOperation condition) => condition switch
    {
        { ConstantValue: { HasValue: true, Value: bool value } } => value,
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => !Evaluate(not.Operand),
        IParenthesizedOperation inner => Evaluate(inner.Operand),
        IIsNullOperation isNull when IsLocal(isNull.Operand) => false,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equals when ComparesWithNull(equals) =>
            false,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } differs
            when ComparesWithNull(differs) => true,
        IIsPatternOperation pattern when IsLocal(pattern.Value) => Matches(pattern.Pattern),
        _ => _known.TryGetValue(Text(condition.Syntax), out var value) ? value : null,
    };

    private static bool? Matches(IPatternOperation pattern) => pattern switch
    {
        IConstantPatternOperation constant when IsNull(constant.Value) => false,
        INegatedPatternOperation negated => !Matches(negated.Pattern),
        IRecursivePatternOperation { PropertySubpatterns.Length: 0, DeconstructionSubpatterns.Length: 0 } =>
            true,
        IDeclarationPatternOperation or ITypePatternOperation => true,
        _ => null,
    };

    private bool ComparesWithNull(IBinaryOperation comparison) =>
        (IsLocal(comparison.LeftOperand) && IsNull(comparison.RightOperand))
        || (IsNull(comparison.LeftOperand) && IsLocal(comparison.RightOperand));

    private bool IsLocal(IOperation operation) => operation switch
    {
        IConversionOperation conversion => IsLocal(conversion.Operand),
        ILocalReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Local, _local),
        _ => false,
    };

    private static bool IsNull(IOperation operation) => operation switch
    {
        IConversionOperation conversion => IsNull(conversion.Operand),
        _ => operation.ConstantValue is { HasValue: true, Value: null },
    };

    private void Learn(ExpressionSyntax condition, bool value)
    {
        switch (condition)
        {
            case ParenthesizedExpressionSyntax inner:
                Learn(inner.Expression, value);
                break;
            case PrefixUnaryExpressionSyntax not when not.IsKind(SyntaxKind.LogicalNotExpression):
                Learn(not.Operand, !value);
                break;
            case BinaryExpressionSyntax both
                when both.IsKind(value ? SyntaxKind.LogicalAndExpression : SyntaxKind.LogicalOrExpression):
                Learn(both.Left, value);
                Learn(both.Right, value);
                break;
            default:
                if (!condition.DescendantNodesAndSelf()
                    .Any(node => node is InvocationExpressionSyntax or AwaitExpressionSyntax))
                {
                    _known[Text(condition)] = value;
                }

                break;
        }
    }

    private static string Text(SyntaxNode node) => node.WithoutTrivia().ToString();
}
