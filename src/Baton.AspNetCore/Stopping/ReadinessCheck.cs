using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Baton.AspNetCore;

/// <summary>Unhealthy from the moment that the application is asked to stop.</summary>
internal sealed class ReadinessCheck(ServerLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(lifetime.Stopping.IsDone
            ? new HealthCheckResult(context.Registration.FailureStatus, "The server is stopping.")
            : HealthCheckResult.Healthy("The server takes requests."));
}
