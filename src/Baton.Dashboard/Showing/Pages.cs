using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Baton.Dashboard;

/// <summary>The endpoints of the page.</summary>
internal sealed class Pages(Watch watch, CancelDoor? door, IHostEnvironment environment)
{
    private readonly RequestDelegate _index = PageFiles.Serve("index.html", "text/html; charset=utf-8");

    internal void Map(IEndpointRouteBuilder group, AccessGuard guard, EventStream events)
    {
        Get("/", ShowAsync);
        Get("/baton.css", PageFiles.Serve("baton.css", "text/css; charset=utf-8"));
        foreach (var script in (string[])["baton.js", "charts.js", "detail.js", "dom.js", "requests.js"])
        {
            Get($"/{script}", PageFiles.Serve(script, "text/javascript; charset=utf-8"));
        }

        Get("/page.json", AboutAsync);
        Get("/requests.json", http => Replies.JsonAsync(http, watch.Look().All()));
        Get("/requests/{id}", OneAsync);
        Get("/events", events.RunAsync);
        if (door is not null)
        {
            group.MapPost("/requests/{id}/cancel", guard.Protect(door.CancelAsync));
        }

        void Get(string pattern, RequestDelegate handler) => group.MapGet(pattern, guard.Protect(handler));
    }

    /// <summary>The page refers to its files by their names alone, so its own path has to end with a slash.</summary>
    private Task ShowAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Path.Value is [.., '/'])
        {
            return _index(http);
        }

        http.Response.Redirect(UriHelper.BuildRelative(request.PathBase, request.Path + "/", request.QueryString));
        return Task.CompletedTask;
    }

    /// <summary>What the page says of the application, and the token with which its user may cancel requests.</summary>
    private async Task AboutAsync(HttpContext http)
    {
        var tokens = door is null ? null : await door.TokensAsync(http).ConfigureAwait(false);
        Replies.SetHeaders(http.Response);
        await Replies.JsonAsync(http, json =>
        {
            json.WriteString("application", RequestJson.Cut(environment.ApplicationName));
            json.WriteString("environment", RequestJson.Cut(environment.EnvironmentName));
            json.WriteNumber("process", Environment.ProcessId);
            json.WriteString("machine", RequestJson.Cut(Environment.MachineName));
            json.WriteNumber("maxRequests", Snapshots.MaxRows);
            json.WritePropertyName("cancel");
            if (tokens is null)
            {
                json.WriteNullValue();
                return;
            }

            json.WriteStartObject();
            json.WriteString("header", tokens.HeaderName);
            json.WriteString("token", tokens.RequestToken);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private Task OneAsync(HttpContext http)
    {
        var snapshots = watch.Look();
        return snapshots.Session.Find(http.Request.RouteValues["id"] as string, out var hasEnded) is { } request
            ? Replies.JsonAsync(http, snapshots.One(request))
            : Replies.NotFoundAsync(http, hasEnded);
    }
}
