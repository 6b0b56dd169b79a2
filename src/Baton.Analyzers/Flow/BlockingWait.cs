using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>A wait that blocks its thread, cannot be given a token, and has a context in scope.</summary>
/// <param name="Name">The name in the source: <c>Sleep</c>.</param>
/// <param name="Text">What it is called: <c>Thread.Sleep</c>.</param>
/// <param name="Scope">The context it could look at.</param>
/// <param name="Remedy">What to do instead.</param>
internal readonly record struct BlockingWait(
    SyntaxToken Name, string Text, ContextInScope Scope, string Remedy)
{
    internal static BlockingWait? Of(
        IOperation operation, KnownSymbols known, CancellationToken cancellationToken)
    {
        if (TextOf(operation, known) is not { } text || operation.SemanticModel is not { } model
            || NameOf(operation.Syntax) is not { } name
            || ContextScope.NearestChosen(operation.Syntax, model, known, cancellationToken) is not { } scope
            || IsPoll(operation) || operation.Descendants().Any(inner => EndlessLoop.Looks(inner, known))
            || (Awaited(operation) is { } task && CompletedTask.Is(task, operation.Syntax, known))
            || EndedCode.Contains(operation.Syntax, model, known))
        {
            return null;
        }

        return new(name, text, scope, RemedyOf(text, scope));
    }

    private static string? TextOf(IOperation operation, KnownSymbols known) => operation switch
    {
        IInvocationOperation call => TextOf(call.TargetMethod),
        IPropertyReferenceOperation { Property: { Name: "Result" } property }
            when known.IsTask(property.ContainingType) =>
            property.ContainingType.Name + ".Result",
        _ => null,
    };

    private static string? TextOf(IMethodSymbol method) => (method.ContainingType.Name, method.Name) switch
    {
        ("Thread", "Sleep" or "Join")
            or ("WaitHandle", "WaitOne" or "WaitAny" or "WaitAll" or "SignalAndWait")
            or ("Process", "WaitForExit") when IsOfSystem(method) =>
                $"{method.ContainingType.Name}.{method.Name}",
        (_, "GetResult") when IsAwaiter(method.ContainingType) => "GetAwaiter().GetResult",
        _ => null,
    };

    private static bool IsOfSystem(IMethodSymbol method) =>
        method.ContainingNamespace
            is { Name: "Threading" or "Diagnostics", ContainingNamespace.Name: "System" };

    private static bool IsAwaiter(INamedTypeSymbol type) => type.Name
        is "TaskAwaiter" or "ValueTaskAwaiter" or "ConfiguredTaskAwaiter" or "ConfiguredValueTaskAwaiter";

    private static SyntaxToken? NameOf(SyntaxNode syntax) => syntax switch
    {
        InvocationExpressionSyntax { Expression: var callee } => NameOf(callee),
        MemberAccessExpressionSyntax access => access.Name.Identifier,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier,
        SimpleNameSyntax name => name.Identifier,
        _ => null,
    };

    // The task that is waited for: before `.Result`, or `.GetAwaiter()`.
    private static IOperation? Awaited(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation result => result.Instance,
        IInvocationOperation
        {
            TargetMethod.Name: "GetResult",
            Instance: IInvocationOperation { Instance: { } awaitable }
        } =>
            awaitable is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task }
                ? task : awaitable,
        // `var awaiter = task.GetAwaiter();`
        IInvocationOperation { TargetMethod.Name: "GetResult", Instance: ILocalReferenceOperation awaiter } => awaiter,
        _ => null,
    };

    // With a timeout of zero it asks, and does not wait.
    private static bool IsPoll(IOperation operation) => operation is IInvocationOperation call
        && call.Arguments.Any(argument =>
        argument.Value is
        {
            ConstantValue:
            {
                HasValue: true,
                Value: 0
            }
        } or IFieldReferenceOperation { Field.Name: "Zero" });

    private static string RemedyOf(string text, ContextInScope scope)
    {
        var context = scope.Expression;
        return text switch
        {
            "Thread.Sleep" => $"await '{context}.Delay(…)'",
            "Task.Result" or "ValueTask.Result" or "GetAwaiter().GetResult" =>
                $"await '{context}.WaitAsync(…)'",
            "Process.WaitForExit" => $"await 'WaitForExitAsync({scope.Expression})'",
            _ => $"wait for '{context}.Done.WaitHandle' as well",
        };
    }
}
