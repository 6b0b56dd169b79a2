using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.LeftAlone;

/// <summary>
/// Code that runs before the request has its context, or that makes requests of its own: asking there would
/// throw.
/// </summary>
internal static class WithoutRequest
{
    private static readonly string[] s_contracts =
    [
        "IRouteConstraint", "IParameterPolicy", "IActionConstraint", "IActionConstraintFactory", "IEndpointSelectorPolicy",
        "INodeBuilderPolicy", "IOutboundParameterTransformer", "IStartupFilter", "IRequestCultureProvider",
        "IHttpContextFactory",
    ];

    private static readonly string[] s_bases = ["DynamicRouteValueTransformer", "MatcherPolicy", "RequestCultureProvider"];

    internal static bool IsType(INamedTypeSymbol type, KnownSymbols known)
    {
        for (var at = type; at is not null; at = at.ContainingType)
        {
            if (at.AllInterfaces.Any(static one => s_contracts.Contains(one.Name)) || DerivesFromOne(at)
                || (IsMiddleware(at, known) && known.Early.Contains(at)))
            {
                return true;
            }
        }

        return TestCode.Contains(type, known) || known.IsTestServer;
    }

    private static bool DerivesFromOne(INamedTypeSymbol type)
    {
        for (var at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (s_bases.Contains(at.Name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMiddleware(INamedTypeSymbol type, KnownSymbols known) =>
        type.GetMembers().Any(member => member is IMethodSymbol { Name: "Invoke" or "InvokeAsync" } method
            && method.Parameters.FirstOrDefault()?.Type.IsSame(known.HttpContext) is true);
}
