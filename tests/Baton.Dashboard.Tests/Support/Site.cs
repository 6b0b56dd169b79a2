using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Baton.Dashboard.Tests;

/// <summary>Applications with the page, and what it says.</summary>
internal static class Site
{
    internal static Task<Server> StartAsync(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null, string? expectedError = null,
        Action<BatonDashboardOptions>? options = null) => Server.StartAsync(
        app =>
        {
            app.MapBatonDashboard("/baton", options);
            map(app);
        },
        builder =>
        {
            builder.Environment.EnvironmentName = "Development";
            configure?.Invoke(builder);
        },
        expectedError);

    /// <summary>The same, on a clock of the test's.</summary>
    internal static Task<Server> StartAsync(
        TimeProvider clock, Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null,
        string? expectedError = null) => StartAsync(
        map,
        builder =>
        {
            builder.Services.AddBaton(baton => baton.BaseContext = Context.Root(clock));
            configure?.Invoke(builder);
        },
        expectedError);

    /// <summary>Users by the header X-User; the policy "operators" is for those named "ann".</summary>
    internal static void AddOperators(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderUsers>("header", null);
        builder.Services.AddAuthorization(static options => options.AddPolicy(
            "operators", static policy => policy.RequireUserName("ann")));
        builder.Services.AddAntiforgery();
    }

    /// <summary>What the page's JSON says now.</summary>
    internal static async Task<JsonElement> ReadAsync(this Server server, string path = "requests.json")
    {
        using var json = JsonDocument.Parse(await server.Client.GetStringAsync($"/baton/{path}"));
        return json.RootElement.Clone();
    }

    internal static async Task<JsonElement[]> RequestsAsync(this Server server) =>
        [.. (await server.ReadAsync()).GetProperty("live").GetProperty("requests").EnumerateArray()];

    /// <summary>Reads again and again until what the page says is so. A list is kept for a quarter of a second.</summary>
    internal static Task<JsonElement> UntilAsync(
        this Server server, Func<JsonElement, bool> condition, string path = "requests.json", Action? between = null)
    {
        return WaitFor.Result(ReadUntilAsync());

        async Task<JsonElement> ReadUntilAsync()
        {
            while (true)
            {
                var read = await server.ReadAsync(path);
                if (condition(read))
                {
                    return read;
                }

                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                between?.Invoke();
            }
        }
    }

    internal static JsonElement[] Rows(this JsonElement all) =>
        [.. all.GetProperty("live").GetProperty("requests").EnumerateArray()];

    private sealed class HeaderUsers(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["X-User"] is [{ } name]
                ? AuthenticateResult.Success(new AuthenticationTicket(
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "header")), "header"))
                : AuthenticateResult.NoResult());
    }
}
