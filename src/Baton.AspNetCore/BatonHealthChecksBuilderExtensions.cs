using Baton.AspNetCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Baton among an application's health checks.</summary>
public static class BatonHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that turns unhealthy when the application is asked to stop, before the server takes no
    /// more requests.
    /// </summary>
    /// <remarks>
    /// For readiness, not for liveness: a server that stops is not to be restarted. How long it goes on
    /// taking requests after that is <see cref="BatonOptions.ShutdownDelay"/>.
    /// </remarks>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">Its tags; <c>ready</c> if none are given.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="builder"/>, <paramref name="name"/> or <paramref name="tags"/> is null.
    /// </exception>
    public static IHealthChecksBuilder AddServerLifetimeCheck(
        this IHealthChecksBuilder builder, string name = "baton", params IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tags);
        builder.Services.AddBaton();
        return builder.Add(new HealthCheckRegistration(
            name,
            static services => new ReadinessCheck(services.GetRequiredService<ServerLifetime>()),
            HealthStatus.Unhealthy,
            tags.Count > 0 ? tags : ["ready"]));
    }
}
