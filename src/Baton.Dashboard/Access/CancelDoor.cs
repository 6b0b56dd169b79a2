using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Baton.Dashboard;

/// <summary>Cancels a request for an operator whom a policy allows it.</summary>
internal sealed class CancelDoor(string policyName, Watch watch, ILogger logger)
{
    private const int MaxName = 100;

    /// <summary>Throws if what it needs was not added.</summary>
    internal void Check(IServiceProvider services)
    {
        if (services.GetService<IPolicyEvaluator>() is null
            || services.GetService<IAuthorizationPolicyProvider>() is not { } policies
            || (policies.GetPolicyAsync(policyName) is { IsCompletedSuccessfully: true, Result: null }))
        {
            throw new InvalidOperationException(
                $"BatonDashboardOptions.CancelPolicy names the authorization policy '{policyName}', which does not exist. "
                + $"Write builder.Services.AddAuthorization(options => options.AddPolicy(\"{policyName}\", …)).");
        }

        if (services.GetService<IAntiforgery>() is null)
        {
            throw new InvalidOperationException(
                "Canceling requests on the page needs antiforgery tokens. Write builder.Services.AddAntiforgery().");
        }
    }

    /// <summary>The token with which the page may cancel; null if its user is not allowed to.</summary>
    internal async Task<AntiforgeryTokenSet?> TokensAsync(HttpContext http) =>
        (await AuthorizeAsync(http).ConfigureAwait(false)).Succeeded
            ? http.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http)
            : null;

    internal async Task CancelAsync(HttpContext http)
    {
        var id = http.Request.RouteValues["id"] as string;
        var shown = RequestJson.Cut(id) ?? "";
        if (!SiteRule.MayChange(http.Request))
        {
            Log.CancelRefused(logger, shown, "it was sent by another site");
            await Replies.TextAsync(http, StatusCodes.Status403Forbidden, "Cancel requests on this page only.")
                .ConfigureAwait(false);
        }
        else if (await AuthorizeAsync(http).ConfigureAwait(false) is { Succeeded: false } refusal)
        {
            Log.CancelRefused(logger, shown, "its sender is not authorized");
            await Replies.TextAsync(
                http,
                refusal.Forbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized,
                "You may not cancel requests.").ConfigureAwait(false);
        }
        else if (!await IsValidAsync(http).ConfigureAwait(false))
        {
            Log.CancelRefused(logger, shown, "it has no valid antiforgery token");
            await Replies.TextAsync(
                http, StatusCodes.Status400BadRequest, "The antiforgery token is missing or wrong. Reload the page.")
                .ConfigureAwait(false);
        }
        else
        {
            await CancelAsync(http, id).ConfigureAwait(false);
        }
    }

    private Task CancelAsync(HttpContext http, string? id)
    {
        if (watch.Look().Session.Find(id, out var hasEnded) is not { } request)
        {
            return Replies.NotFoundAsync(http, hasEnded);
        }

        if (request.End is { } end)
        {
            return Replies.TextAsync(
                http, StatusCodes.Status409Conflict,
                $"This request is done already ({end.Name}): its handler goes on all the same.");
        }

        var name = http.User.Identity?.Name is { Length: > 0 } known ? known : "unknown";
        name = name.Length > MaxName ? name[..MaxName] : name;
        request.Cancel(new CanceledByOperatorException(name));
        Log.Canceled(logger, name, request.Id, request.Method ?? "a request", request.Route);
        return Replies.JsonAsync(http, json =>
        {
            json.WriteString("id", request.Id);
            json.WriteBoolean("canceled", true);
        });
    }

    private async Task<PolicyAuthorizationResult> AuthorizeAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var policy = await services.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(policyName)
            .ConfigureAwait(false) ?? throw new InvalidOperationException(
                $"The authorization policy '{policyName}', which BatonDashboardOptions.CancelPolicy names, does not exist.");
        var evaluator = services.GetRequiredService<IPolicyEvaluator>();
        var user = await evaluator.AuthenticateAsync(policy, http).ConfigureAwait(false);
        return await evaluator.AuthorizeAsync(policy, user, http, resource: null).ConfigureAwait(false);
    }

    private static async Task<bool> IsValidAsync(HttpContext http)
    {
        try
        {
            // Only by the header: a form of another site can send a field, and no header.
            var antiforgery = http.RequestServices.GetRequiredService<IAntiforgery>();
            return antiforgery.GetTokens(http).HeaderName is { } header && !StringValues.IsNullOrEmpty(http.Request.Headers[header])
                && await antiforgery.IsRequestValidAsync(http).ConfigureAwait(false);
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }
}
