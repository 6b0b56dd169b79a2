using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Baton.Dashboard;

/// <summary>Who may see the page. Part of each of its endpoints, whatever path leads there.</summary>
internal sealed class AccessGuard(IHostEnvironment environment)
{
    /// <summary>
    /// What ASP.NET Core's middleware leaves behind when it has let a request through to its endpoint. Routing looks for it
    /// as well, unless the application has switched that off.
    /// </summary>
    private const string HasRun = "__AuthorizationMiddlewareWithEndpointInvoked";

    internal RequestDelegate Protect(RequestDelegate inner) => async http =>
    {
        Replies.SetHeaders(http.Response);
        if (http.Features.Get<IOutputCacheFeature>() is { } cache)
        {
            // A cache that stands before authorization would show to anybody what it has stored for somebody.
            cache.Context.AllowCacheStorage = false;
        }

        if (await RefusalAsync(http).ConfigureAwait(false) is { } why)
        {
            await Replies.TextAsync(http, StatusCodes.Status403Forbidden, why).ConfigureAwait(false);
            return;
        }

        await inner(http).ConfigureAwait(false);
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

    private async ValueTask<string?> RefusalAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) && !SiteRule.MayRead(http.Request))
        {
            return "This page is not for the scripts of other sites.";
        }

        if (http.GetEndpoint() is not { } endpoint || !IsAuthorized(endpoint))
        {
            return environment.IsDevelopment()
                ? LoopbackRule.Refusal(http)
                : "This page needs authorization, and asks for none.";
        }

        return http.Items.ContainsKey(HasRun) || await AuthorizeAsync(http, endpoint).ConfigureAwait(false)
            ? null
            : "The authorization that this page asks for did not run. Call app.UseAuthorization() after app.UseRouting().";
    }

    /// <summary>Whether the user has what the endpoint asks for, where no middleware has seen to that.</summary>
    private static async Task<bool> AuthorizeAsync(HttpContext http, Endpoint endpoint)
    {
        var services = http.RequestServices;
        if (services.GetService<IPolicyEvaluator>() is not { } evaluator
            || services.GetService<IAuthorizationPolicyProvider>() is not { } policies
            || await AuthorizationPolicy.CombineAsync(
                policies,
                endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>(),
                endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>()).ConfigureAwait(false) is not { } policy)
        {
            return false;
        }

        var user = await evaluator.AuthenticateAsync(policy, http).ConfigureAwait(false);
        return (await evaluator.AuthorizeAsync(policy, user, http, resource: http).ConfigureAwait(false)).Succeeded;
    }

    private static bool IsAuthorized(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null
        && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null;
}
