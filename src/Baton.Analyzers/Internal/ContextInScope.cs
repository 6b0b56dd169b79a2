using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Internal;

/// <summary>What kind of thing gives code a context.</summary>
internal enum ContextSource
{
    /// <summary>A <c>Context</c> or <c>CancelableContext</c>.</summary>
    Context,

    /// <summary>
    /// Something of the framework that has one: the request, a gRPC call, a hub, a controller.
    /// </summary>
    Carrier,

    /// <summary>A bare <c>CancellationToken</c>.</summary>
    Token,
}

/// <summary>A context that code can use where it stands.</summary>
/// <param name="Source">What kind of thing it comes from.</param>
/// <param name="Expression">
/// What to type: <c>ctx</c>, <c>http.RequestContext</c>, <c>call.CancellationToken</c>.
/// </param>
/// <param name="IsContext">Whether the expression is a <c>Context</c>; else it is a token.</param>
/// <param name="Symbol">The parameter or local it starts from; for a hub or controller, the type.</param>
internal sealed record ContextInScope(
    ContextSource Source, string Expression, bool IsContext, ISymbol Symbol);
