using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

internal static class OperationExtensions
{
    /// <summary>What the value is used in, conversions left aside.</summary>
    internal static IOperation? User(this IOperation value)
    {
        var user = value.Parent;
        while (user is IConversionOperation)
        {
            user = user.Parent;
        }

        return user;
    }

    /// <summary>The value before it was converted.</summary>
    internal static IOperation Unconverted(this IOperation value)
    {
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        return value;
    }

    /// <summary>
    /// All that is inside and runs along with it: not the functions that are only made there.
    /// </summary>
    internal static IEnumerable<IOperation> InFunction(this IOperation operation)
    {
        foreach (var child in operation.ChildOperations)
        {
            if (child is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                continue;
            }

            yield return child;
            foreach (var inner in child.InFunction())
            {
                yield return inner;
            }
        }
    }

    /// <summary>
    /// Whether it is part of an expression tree, which is data and may not leave out an argument.
    /// </summary>
    internal static bool IsInExpressionTree(this IOperation operation)
    {
        for (var at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at.Type is
                {
                    Name: "Expression", ContainingNamespace:
                    {
                        Name: "Expressions",
                        ContainingNamespace.Name: "Linq"
                    }
                })
            {
                return true;
            }
        }

        return false;
    }
}
