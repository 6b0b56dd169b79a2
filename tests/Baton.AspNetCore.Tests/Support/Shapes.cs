using Baton.Tests.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// An application with handlers of every shape, which do the same with the context that they come by. What holds for a
/// request must not depend on the shape.
/// </summary>
internal static class Shapes
{
    internal static readonly string[] All =
    [
        "/generated/context", "/runtime/context", "/generated/token", "/runtime/token", "/property", "/property/late",
        "/aborted", "/aborted/late", "/service", "/mvc/context", "/mvc/token", "/mvc/aborted", "/page", "/middleware",
    ];

    internal static TheoryData<string> Data => [.. All];

    internal static void AddTo(WebApplicationBuilder builder, Func<Context, HttpContext, Task<string>> act)
    {
        builder.Services.AddSingleton(new Act(act));
        builder.Services.AddScoped<Taker>();
        builder.Services.AddControllers();
        builder.Services.AddRazorPages()
            .AddApplicationPart(typeof(ShapeModel).Assembly)
            .ConfigureApplicationPartManager(static parts => parts.FeatureProviders.Add(new ThisController()));
    }

    internal static void Map(WebApplication app)
    {
        var act = app.Services.GetRequiredService<Act>();
        app.Use((http, next) => http.Request.Path == "/middleware" ? Write(http, act) : next(http));
        app.MapGet("/generated/context", (Context ctx, HttpContext http, Act does) => does.Run(ctx, http));
        app.MapGet("/generated/token", (CancellationToken token, HttpContext http, Act does) =>
            does.Run(Context.FromToken(token), http));
        MapAtRunTime(app, "/runtime/context", (Context ctx, HttpContext http, Act does) => does.Run(ctx, http));
        MapAtRunTime(app, "/runtime/token", (CancellationToken token, HttpContext http, Act does) =>
            does.Run(Context.FromToken(token), http));
        app.MapGet("/property", (HttpContext http, Act does) => does.Run(http.RequestContext, http));
        app.MapGet("/property/late", async (HttpContext http, Act does) =>
        {
            await Task.Yield();
            return await does.Run(http.RequestContext, http);
        });
        app.MapGet("/aborted", (HttpContext http, Act does) =>
            does.Run(Context.FromToken(http.RequestAborted), http));
        app.MapGet("/aborted/late", async (HttpContext http, Act does) =>
        {
            await Task.Yield();
            return await does.Run(Context.FromToken(http.RequestAborted), http);
        });
        app.MapGet("/service", (Taker taker, HttpContext http, Act does) => does.Run(taker.Context, http));
        app.MapControllers();
        app.MapRazorPages();
    }

    private static async Task Write(HttpContext http, Act act) =>
        await http.Response.WriteAsync(await act.Run(Context.FromToken(http.RequestAborted), http));

#pragma warning disable RDG002 // Bound at run time on purpose.
    private static void MapAtRunTime(WebApplication app, string pattern, Delegate handler) =>
        app.MapGet(pattern, handler);
#pragma warning restore RDG002

    public sealed class Taker(Context ctx)
    {
        public Context Context => ctx;
    }

    public sealed class ShapeController(Act act) : ControllerBase
    {
        [HttpGet("/mvc/context")]
        public Task<string> Take(Context ctx) => act.Run(ctx, HttpContext);

        [HttpGet("/mvc/token")]
        public Task<string> Token(CancellationToken token) => act.Run(Context.FromToken(token), HttpContext);

        [HttpGet("/mvc/aborted")]
        public Task<string> Aborted() => act.Run(Context.FromToken(HttpContext.RequestAborted), HttpContext);
    }

    private sealed class ThisController : IApplicationFeatureProvider<ControllerFeature>
    {
        public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
        {
            feature.Controllers.Clear();
            feature.Controllers.Add(
                System.Reflection.IntrospectionExtensions.GetTypeInfo(typeof(ShapeController)));
        }
    }
}
