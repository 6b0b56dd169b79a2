using Baton.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Baton on an endpoint.</summary>
public static class BatonEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Changes the response that Baton writes for a canceled request of this endpoint whose handler has written
    /// none.
    /// </summary>
    /// <remarks>
    /// Called after <see cref="BatonOptions.ConfigureResponse"/>, and a group's before its members'. If it
    /// throws, the response stays as it was, and an error is logged.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static TBuilder WithCancellationResponse<TBuilder>(
        this TBuilder builder, Action<HttpContext, CancellationResponse> configure)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Add(endpoint => endpoint.Metadata.Add(new CancellationResponseMetadata(configure)));
        return builder;
    }
}
