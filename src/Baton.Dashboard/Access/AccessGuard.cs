using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Baton.Dashboard;

/// <summary>Who may see the page. Part of each of its endpoints, whatever path leads there.</summary>
internal sealed class AccessGuard(IHostEnvironment environment)
{
    internal RequestDelegate Protect(RequestDelegate inner) => http =>
    {
        Replies.SetHeaders(http.Response);
        return Refusal(http) is { } why
            ? Replies.TextAsync(http, StatusCodes.Status403Forbidden, why)
            : inner(http);
    };

    /// <summary>Throws if an endpoint of the page may be seen by anybody.</summary>
    /// <param name="endpoints">The application's endpoints.</param>
    internal void Check(EndpointDataSource endpoints)
    {
        if (!environment.IsDevelopment() && endpoints.Endpoints.Any(static endpoint =>
            endpoint.Metadata.GetMetadata<DashboardEndpoint>() is not null && !IsAuthorized(endpoint)))
        {
            throw new InvalidOperationException(
                $"The page of requests would be open to anybody, because the environment is "
                + $"'{environment.EnvironmentName}' and the page asks for no authorization. Write "
                + "app.MapBatonDashboard(…).RequireAuthorization(\"the policy of your operators\").");
        }
    }

    private string? Refusal(HttpContext http) =>
        http.GetEndpoint() is { } endpoint && IsAuthorized(endpoint) ? null
        : environment.IsDevelopment() ? LoopbackRule.Refusal(http)
        : "This page needs authorization, and asks for none.";

    private static bool IsAuthorized(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null
        && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null;
}
