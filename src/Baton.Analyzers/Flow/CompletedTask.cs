using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>Tasks that have completed where their result is asked for: nobody waits for them.</summary>
internal static class CompletedTask
{
    internal static bool Is(IOperation task, SyntaxNode place, KnownSymbols known) => task switch
    {
        IAwaitOperation => true,
        IConversionOperation conversion => Is(conversion.Operand, place, known),
        IParenthesizedOperation parentheses => Is(parentheses.Operand, place, known),
        IInvocationOperation { TargetMethod.Name: "FromResult" or "FromException" or "FromCanceled" } => true,
        // What a continuation, or a query over tasks, is given.
        IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol function } =>
            function.MethodKind is MethodKind.AnonymousFunction || WasWaitedFor(task.Syntax, place),
        ILocalReferenceOperation { Local: var local } when IsOfWhenAny(local) => true,
        _ => WasWaitedFor(task.Syntax, place),
    };

    // `var first = await Task.WhenAny(…)`, `await foreach (var each in Task.WhenEach(…))`
    private static bool IsOfWhenAny(ILocalSymbol local) =>
        local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is
            VariableDeclaratorSyntax { Initializer.Value: AwaitExpressionSyntax }
                or ForEachStatementSyntax { AwaitKeyword.RawKind: not 0 };

    // Earlier in the function it, or the collection it is from, was awaited or asked whether it has
    // completed.
    private static bool WasWaitedFor(SyntaxNode task, SyntaxNode place)
    {
        var names = new HashSet<string>(Names(task));
        foreach (var each in place.Ancestors().OfType<ForEachStatementSyntax>())
        {
            if (names.Contains(each.Identifier.ValueText))
            {
                names.UnionWith(Names(each.Expression));
            }
        }

        var function = place.Ancestors().FirstOrDefault(node => node.IsMember())
            ?? place.SyntaxTree.GetRoot();
        AddAliases(names, function);
        return function.DescendantNodes().Any(node => node.SpanStart < place.SpanStart && node switch
        {
            AwaitExpressionSyntax wait => Names(wait.Expression).Any(names.Contains),
            MemberAccessExpressionSyntax access when access.Name.Identifier.ValueText
                is "IsCompleted" or "IsCompletedSuccessfully" or "IsFaulted" or "Status" or "Wait"
                or "WaitAll" =>
                Names(access.Parent is InvocationExpressionSyntax call
                    ? call : access.Expression).Any(names.Contains),
            SubpatternSyntax { ExpressionColon.Expression: IdentifierNameSyntax asked } =>
                asked.Identifier.ValueText is "IsCompletedSuccessfully" or "IsCompleted"
                    && node.FirstAncestorOrSelf<IsPatternExpressionSyntax>() is { } pattern
                    && Names(pattern.Expression).Any(names.Contains),
            _ => false,
        });
    }

    // `var awaiter = task.GetAwaiter();`, `var same = task;`: who asks one has asked the other.
    private static void AddAliases(HashSet<string> names, SyntaxNode function)
    {
        foreach (var variable in function.DescendantNodes().OfType<VariableDeclaratorSyntax>())
        {
            if (Source(variable.Initializer?.Value) is not { } source)
            {
                continue;
            }

            if (names.Contains(variable.Identifier.ValueText))
            {
                names.Add(source);
            }
            else if (names.Contains(source))
            {
                names.Add(variable.Identifier.ValueText);
            }
        }
    }

    private static string? Source(ExpressionSyntax? value) => value switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } =>
            access.Name.Identifier.ValueText is "GetAwaiter" or "ConfigureAwait" or "AsTask" or "Preserve"
                ? Source(access.Expression) : null,
        _ => null,
    };

    private static IEnumerable<string> Names(SyntaxNode node) => node.DescendantNodesAndSelf()
        .OfType<IdentifierNameSyntax>()
        .Where(name => name.Parent is not MemberAccessExpressionSyntax access || access.Name != name
            || access.Expression is ThisExpressionSyntax)
        .Select(name => name.Identifier.ValueText);
}
