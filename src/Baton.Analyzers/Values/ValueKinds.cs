using System.Collections.Immutable;
using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Values;

/// <summary>
/// Sorts the types of values: what is a service, options, a delegate or a mutable collection.
/// </summary>
internal sealed class ValueKinds(KnownSymbols known)
{
    private static readonly ImmutableHashSet<string> s_mutable = ImmutableHashSet.Create(
        "List", "Dictionary", "HashSet", "SortedSet", "SortedList", "SortedDictionary", "OrderedDictionary",
        "Queue", "Stack", "PriorityQueue", "LinkedList", "Collection", "ObservableCollection",
        "BlockingCollection", "ConcurrentDictionary", "ConcurrentQueue", "ConcurrentStack", "ConcurrentBag",
        "ArrayList", "Hashtable", "NameValueCollection", "IList", "ICollection", "IDictionary", "ISet",
        "BitArray", "StringDictionary");

    private static readonly (string, string) s_service =
        ("a service", "take it as a constructor's parameter");
    private static readonly (string, string) s_options =
        ("options", "take them as a constructor's parameter");
    private static readonly (string, string) s_delegate =
        ("a delegate", "pass it as a parameter, or store what it would give");
    private static readonly (string, string) s_collection = ("a collection that anybody may change",
        "store an array, an IReadOnly… or immutable collection, or a record");

    private readonly INamedTypeSymbol? _provider = known.Find("System.IServiceProvider");
    private readonly INamedTypeSymbol? _scope =
        known.Find("Microsoft.Extensions.DependencyInjection.IServiceScope");
    private readonly INamedTypeSymbol? _logger = known.Find("Microsoft.Extensions.Logging.ILogger");
    private readonly INamedTypeSymbol? _database = known.Find("Microsoft.EntityFrameworkCore.DbContext");
    private readonly INamedTypeSymbol? _client = known.Find("System.Net.Http.HttpMessageInvoker");

    /// <summary>
    /// What the type is, and what to do instead; null for request data and for what is not known.
    /// </summary>
    internal (string Is, string Way)? Fault(ITypeSymbol? type)
    {
        if (type is null or ITypeParameterSymbol or IErrorTypeSymbol or IArrayTypeSymbol)
        {
            return null;
        }

        if (type.TypeKind == TypeKind.Delegate
            || type.SpecialType is SpecialType.System_Delegate or SpecialType.System_MulticastDelegate)
        {
            return s_delegate;
        }

        if (IsService(type))
        {
            return s_service;
        }

        if (IsOptions(type))
        {
            return s_options;
        }

        return IsMutableCollection(type) ? s_collection : null;
    }

    /// <summary>
    /// The same of what is given for a key of another type. Who declares a key for <c>IReadOnlyList</c> has
    /// said enough.
    /// </summary>
    internal (string Is, string Way)? FaultBehind(ITypeSymbol? declared, ITypeSymbol? given) =>
        declared is { TypeKind: TypeKind.Interface }
            && declared.Name.StartsWith("IReadOnly", StringComparison.Ordinal)
            ? null
            : Fault(given);

    /// <summary>Whether the type's author says that it is request data.</summary>
    internal bool IsMarked(ITypeSymbol? type) =>
        type?.OriginalDefinition.HasAttribute(known.ContextValue) == true;

    private bool IsService(ITypeSymbol type) =>
        type.Implements(_provider) || type.Implements(_scope) || type.Implements(_logger)
        || type.IsOrDerivesFrom(_database) || type.IsOrDerivesFrom(_client)
        || type.IsOrDerivesFrom(known.HttpContext)
        || IsFactory(type) || type.AllInterfaces.Any(IsFactory);

    private static bool IsFactory(ITypeSymbol type) =>
        type.Name.EndsWith("Factory", StringComparison.Ordinal) && !type.IsRecord
            && type.TypeKind is TypeKind.Interface or TypeKind.Class;

    private static bool IsOptions(ITypeSymbol type) =>
        IsOptionsInterface(type) || type.AllInterfaces.Any(IsOptionsInterface);

    private static bool IsOptionsInterface(ITypeSymbol type) => type.TypeKind == TypeKind.Interface
        && type.Name.StartsWith("IOptions", StringComparison.Ordinal)
        && type.ContainingNamespace?.ToDisplayString() == "Microsoft.Extensions.Options";

    private static bool IsMutableCollection(ITypeSymbol type)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (s_mutable.Contains(at.Name)
                && at.ContainingNamespace?.ToDisplayString()
                    .StartsWith("System.Collections", StringComparison.Ordinal) == true)
            {
                return true;
            }
        }

        return false;
    }
}
