using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>A value that goes on using a context after the call that made it has returned.</summary>
/// <param name="Place">Where to report.</param>
/// <param name="Name">What made it.</param>
/// <param name="IsTask">Whether it is a task; else something that is still to be read.</param>
internal readonly record struct UnfinishedUse(Location Place, string Name, bool IsTask)
{
    private const int MaxDepth = 24;

    /// <summary>Null where the value does not use the context, or has done so already.</summary>
    internal static UnfinishedUse? Of(IOperation value, ILocalSymbol context, KnownSymbols known) =>
        new Search(context, known).In(value, depth: 0);

    /// <summary>Whether a value of the type can use a context later: a task, or what is still to be read.</summary>
    internal static bool CouldBe(ITypeSymbol? type, KnownSymbols known) => type switch
    {
        null or { SpecialType: not (SpecialType.None or SpecialType.System_Collections_Generic_IEnumerable_T) } =>
            type?.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T,
        IArrayTypeSymbol array => CouldBe(array.ElementType, known),
        INamedTypeSymbol named => known.IsTask(named) || IsToBeRead(named) || IsCall(named)
            || (named.IsGenericType && named.Name is "IEnumerable" or "List" or "IReadOnlyList" or "IList"
                or "ImmutableArray" && CouldBe(named.TypeArguments[0], known)),
        _ => false,
    };

    // A stream that is in memory was read already.
    internal static bool IsToBeRead(ITypeSymbol? type)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            switch (at.Name)
            {
                case "MemoryStream":
                    return false;
                case "Stream" or "DbDataReader" or "IAsyncEnumerable" or "IDataReader" or "ConfiguredCancelableAsyncEnumerable":
                    return true;
            }
        }

        return false;
    }

    // What the clients of grpc-dotnet give.
    private static bool IsCall(INamedTypeSymbol type) => type.Name is "AsyncUnaryCall" or "AsyncServerStreamingCall"
        or "AsyncClientStreamingCall" or "AsyncDuplexStreamingCall";

    private sealed class Search(ILocalSymbol context, KnownSymbols known)
    {
        internal UnfinishedUse? In(IOperation? value, int depth)
        {
            if (depth > MaxDepth)
            {
                return null;
            }

            return value switch
            {
                IConversionOperation conversion => In(conversion.Operand, depth + 1),
                IParenthesizedOperation inner => In(inner.Operand, depth + 1),
                IConditionalOperation choice => In(choice.WhenTrue, depth + 1) ?? In(choice.WhenFalse, depth + 1),
                ICoalesceOperation choice => In(choice.Value, depth + 1) ?? In(choice.WhenNull, depth + 1),
                IConditionalAccessOperation access => In(access.WhenNotNull, depth + 1),
                ISwitchExpressionOperation choice => First(choice.Arms.Select(static arm => arm.Value), depth),
                ITupleOperation tuple => First(tuple.Elements, depth),
                IArrayCreationOperation { Initializer: { } elements } => First(elements.ElementValues, depth),
                ICollectionExpressionOperation collection => First(collection.Elements, depth),
                ISpreadOperation spread => In(spread.Operand, depth + 1),
                IObjectCreationOperation creation when known.IsTask(creation.Type) => First(
                    creation.Arguments.Select(static one => one.Value), depth),
                IAwaitOperation wait => Awaited(wait),
                IInvocationOperation call => Called(call, depth),
                ILocalReferenceOperation local => Kept(local, depth),
                _ => null,
            };
        }

        private UnfinishedUse? First(IEnumerable<IOperation> values, int depth) =>
            values.Select(value => In(value, depth + 1)).FirstOrDefault(static one => one is not null);

        private UnfinishedUse? Called(IInvocationOperation call, int depth)
        {
            if (!CouldBe(call.Type, known) || IsDone(call.TargetMethod))
            {
                return null;
            }

            if (Uses(call))
            {
                return At(call);
            }

            return In(call.Instance, depth + 1) ?? First(call.Arguments.Select(static one => one.Value), depth);
        }

        // `Task.FromResult(child.Value(key))`
        private static bool IsDone(IMethodSymbol method) => method.Name is "FromResult" or "FromException" or "FromCanceled";

        // `await client.GetStreamAsync(url, child)`: the stream is still to be read.
        private UnfinishedUse? Awaited(IAwaitOperation wait)
        {
            var awaited = wait.Operation.Unconverted();
            if (awaited is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task })
            {
                awaited = task.Unconverted();
            }

            return awaited is IInvocationOperation call && (IsToBeRead(wait.Type) || IsHeadersOnly(call)) && Uses(call)
                ? At(call) : null;
        }

        private static bool IsHeadersOnly(IInvocationOperation call) => call.Arguments.Any(static argument =>
            argument.Value.Unconverted() is IFieldReferenceOperation { Field.Name: "ResponseHeadersRead" });

        // `var task = SendAsync(child); … return task;`
        private UnfinishedUse? Kept(ILocalReferenceOperation reference, int depth)
        {
            if (!CouldBe(reference.Type, known)
                || reference.Local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
                    is not VariableDeclaratorSyntax { Initializer.Value: { } first } declarator
                || first.SyntaxTree != reference.Syntax.SyntaxTree
                || reference.SemanticModel?.GetOperation(first) is not { } initial
                || In(initial, depth + 1) is not { } use || IsAwaitedBefore(reference, declarator))
            {
                return null;
            }

            return use with { Place = reference.Syntax.GetLocation() };
        }

        private static bool IsAwaitedBefore(ILocalReferenceOperation reference, SyntaxNode declarator) =>
            reference.Syntax.Ancestors().First(static one => one.IsMember() || one is CompilationUnitSyntax)
            .DescendantNodes().Any(node => node.SpanStart > declarator.SpanStart
                && node.SpanStart < reference.Syntax.SpanStart
                && node is AwaitExpressionSyntax or MemberAccessExpressionSyntax
                {
                    Name.Identifier.ValueText: "Wait" or "Result" or "WaitAll" or "GetAwaiter",
                }
                && node.Parent!.Mentions(reference.Local.Name));

        private bool Uses(IInvocationOperation call) =>
            (call.Instance is { } receiver && known.IsContextMethod(call.TargetMethod) && Is(receiver, depth: 0))
            || call.Arguments.Any(argument => argument.ArgumentKind is not ArgumentKind.DefaultValue
                && (Is(argument.Value, depth: 0) || Captures(argument.Value)));

        // The context itself, its token, or what carries its end on.
        private bool Is(IOperation value, int depth) => depth < MaxDepth && value.Unconverted() switch
        {
            ILocalReferenceOperation local => local.Local.IsSame(context) || IsMadeOf(local, depth),
            IPropertyReferenceOperation { Property.Name: "Done" or "Context", Instance: { } owner } => Is(owner, depth + 1),
            IInvocationOperation call => known.IsDerivation(call.TargetMethod) && call.TargetMethod.Name is not "WithoutCancel"
                && call.Instance is { } parent && Is(parent, depth + 1),
            _ => false,
        };

        private bool IsMadeOf(ILocalReferenceOperation local, int depth) =>
            (known.IsContext(local.Type) || known.IsToken(local.Type))
            && local.Local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
                is VariableDeclaratorSyntax { Initializer.Value: { } value }
            && value.SyntaxTree == local.Syntax.SyntaxTree
            && local.SemanticModel?.GetOperation(value) is { } initial && Is(initial, depth + 1);

        private bool Captures(IOperation value)
        {
            var function = value.DescendantsAndSelf().FirstOrDefault(static one => one is IAnonymousFunctionOperation);
            return function is not null && function.Descendants().Any(one =>
                one is ILocalReferenceOperation local && local.Local.IsSame(context) && !Escapes.IsHarmless(one));
        }

        private UnfinishedUse At(IInvocationOperation call) => new(
            Derivations.Name(call).GetLocation(), call.TargetMethod.Name,
            known.IsTask(call.Type) && call.Parent is not IAwaitOperation && !IsAwaitedOnTheSpot(call));

        private static bool IsAwaitedOnTheSpot(IInvocationOperation call) =>
            call.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Parent: IAwaitOperation };
    }
}
