using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Dashboard;

/// <summary>The methods of HTTP. Any other is a caller's own text, and is not shown.</summary>
internal static class Methods
{
    /// <summary>What stands in the place of the method for a call of a hub.</summary>
    internal const string HubCall = "HUB";

    internal static string? Known(string method) =>
        HttpMethods.GetCanonicalizedValue(method) is { Length: <= 7 } known && IsKnown(known) ? known : null;

    /// <summary>The method of an endpoint that takes only one.</summary>
    internal static string? Of(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods: [var only] } ? Known(only) : null;

    private static bool IsKnown(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsPut(method)
        || HttpMethods.IsDelete(method) || HttpMethods.IsPatch(method) || HttpMethods.IsHead(method)
        || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method) || HttpMethods.IsConnect(method);
}
