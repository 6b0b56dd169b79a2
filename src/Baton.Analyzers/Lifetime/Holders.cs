using System.Collections.Immutable;
using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// Which types hold a context: itself, and collections, tuples, tasks and the like of such.
/// </summary>
internal sealed class Holders(KnownSymbols known)
{
    // Besides what can be enumerated. A delegate that takes or makes a context holds none.
    private static readonly ImmutableHashSet<string> s_holders = ImmutableHashSet.Create(
        "Task", "ValueTask", "TaskCompletionSource", "Lazy", "AsyncLocal", "ThreadLocal", "WeakReference",
        "StrongBox", "Nullable", "Tuple", "ValueTuple", "KeyValuePair", "Channel", "ChannelReader",
        "ChannelWriter", "Memory", "ReadOnlyMemory", "ConditionalWeakTable", "IAsyncEnumerable",
        "IAsyncEnumerator", "IEnumerator", "LinkedListNode", "PriorityQueue");

    internal bool Hold(ITypeSymbol type) => Hold(type, depth: 0);

    private bool Hold(ITypeSymbol type, int depth)
    {
        if (known.IsContext(type))
        {
            return true;
        }

        // A type may be made of itself without end: class Node : List<Node>.
        return depth < 10 && type switch
        {
            IArrayTypeSymbol array => Hold(array.ElementType, depth + 1),
            INamedTypeSymbol { IsGenericType: true, TypeKind: not TypeKind.Delegate } named
                when IsHolder(named) =>
                Arguments(named).Any(argument => Hold(argument, depth + 1)),
            INamedTypeSymbol { IsGenericType: true, TypeKind: TypeKind.Class or TypeKind.Struct } named
                when IsOwn(named) && named.TypeArguments.Any(argument => Hold(argument, depth + 1)) =>
                HoldsArgument(named, depth),
            _ => false,
        };
    }

    // A class of the application that keeps what it is the type argument of: `Box<Context>`.
    private bool HoldsArgument(INamedTypeSymbol type, int depth)
    {
        for (INamedTypeSymbol? at = type; at is not null && IsOwn(at); at = at.BaseType)
        {
            if (at.GetMembers().Any(member => member is IFieldSymbol { IsStatic: false } field
                && Hold(field.Type, depth + 1)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsOwn(INamedTypeSymbol type) =>
        !type.DeclaringSyntaxReferences.IsEmpty && !type.HasAttribute(known.ContextCarrier);

    private static bool IsHolder(INamedTypeSymbol type) =>
        IsOfSystem(type) && (s_holders.Contains(type.Name) || IsCollection(type));

    private static bool IsCollection(INamedTypeSymbol type) =>
        type.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T
        || type.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T
        || type.AllInterfaces.Any(one => one.SpecialType == SpecialType.System_Collections_IEnumerable);

    // Tuples of more than seven have the rest in a tuple of its own.
    private static IEnumerable<ITypeSymbol> Arguments(INamedTypeSymbol type) => type.IsTupleType
        ? type.TupleElements.Select(element => element.Type)
        : type.TypeArguments;

    private static bool IsOfSystem(INamedTypeSymbol type)
    {
        var space = type.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace: { IsGlobalNamespace: false } outer })
        {
            space = outer;
        }

        return space?.Name == "System";
    }
}
