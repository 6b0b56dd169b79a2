using System.Net;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Baton.ServerBench;

/// <summary>The applications that are measured. To see what an act does, look here.</summary>
internal static class Apps
{
    /// <summary>Nothing here lasts so long: deadlines are set, and none falls due.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1);

    internal static WebApplication Build(Kind kind, Probe probe)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = kind is Kind.BatonDevelopment or Kind.BatonPage or Kind.BatonPageOpen ? Environments.Development : null,
        });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(
                IPAddress.Loopback, 0, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.Listen(
                IPAddress.Loopback, 0, static endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        Add(builder.Services, kind);
        var app = builder.Build();
        Use(app, kind);
        app.MapGet("/plain", static () => "hello\n");
        app.MapGet("/aborted", static (HttpContext http) =>
            http.RequestAborted.IsCancellationRequested ? "late\n" : "hello\n");
        app.MapGet("/page", static () => "hello\n");
        app.MapGet("/pageopen", static () => "hello\n");
        app.MapGet("/pagefull", static () => "hello\n");
        app.MapGet("/timeout", static () => "hello\n");
        app.MapGet("/accessor", static () => "hello\n");
        if (kind is Kind.Bare or Kind.BareAgain or Kind.BatonInjecting)
        {
            app.MapGet("/injected", static (Scoped service) => service.IsLate ? "late\n" : "hello\n");
        }

        if (kind is Kind.Baton or Kind.BatonDevelopment or Kind.BatonPageOpen)
        {
            MapBaton(app, probe);
        }
        else if (kind is Kind.Bare or Kind.BareAgain)
        {
            MapBare(app, probe);
        }

        return app;
    }

    private static void Add(IServiceCollection services, Kind kind)
    {
        switch (kind)
        {
            case Kind.Bare or Kind.BareAgain:
                services.AddScoped<Scoped>();
                break;
            case Kind.Baton or Kind.BatonDevelopment or Kind.BatonPage or Kind.BatonPageOpen:
                services.AddBaton();
                break;
            case Kind.BareTimeout:
                services.AddRequestTimeouts(static options =>
                    options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = s_long });
                break;
            case Kind.BatonTimeout:
                services.AddBaton(static options => options.Timeout = s_long);
                break;
            case Kind.BatonInjecting:
                services.AddBaton().AddHttpContextAccessor().AddScoped<Scoped, Injected>();
                break;
        }
    }

    private static void Use(WebApplication app, Kind kind)
    {
        switch (kind)
        {
            case Kind.BareTimeout:
                app.UseRequestTimeouts();
                break;
            case Kind.Baton or Kind.BatonTimeout or Kind.BatonInjecting or Kind.BatonDevelopment:
                app.UseBaton();
                break;
            case Kind.BatonPage or Kind.BatonPageOpen:
                app.UseBaton();
                app.MapBatonDashboard("/baton");
                break;
        }
    }

    private static void MapBaton(WebApplication app, Probe probe)
    {
        app.MapGet("/derive", static (Context ctx) =>
        {
            using var child = ctx.WithTimeout(s_long);
            return child.IsDone ? "late\n" : "hello\n";
        });
        app.MapGet("/hello", async (Context ctx, HttpResponse response) =>
        {
            probe.Enter();
            switch (await Select.After(s_long).Done(ctx))
            {
                case 0:
                    await response.WriteAsync("hello\n", ctx);
                    break;
                case 1:
                    probe.Resume();
                    break;
            }
        });
    }

    private static void MapBare(WebApplication app, Probe probe)
    {
        app.MapGet("/derive", static (CancellationToken aborted) =>
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(aborted);
            both.CancelAfter(s_long);
            return both.IsCancellationRequested ? "late\n" : "hello\n";
        });
        app.MapGet("/hello", async (CancellationToken aborted, HttpResponse response) =>
        {
            probe.Enter();
            await Task.Delay(s_long, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (aborted.IsCancellationRequested)
            {
                probe.Resume();
                return;
            }

            await response.WriteAsync("hello\n", aborted);
        });
    }

    /// <summary>A service of one request.</summary>
    private class Scoped
    {
        internal virtual bool IsLate => false;
    }

    /// <summary>The same, with the request's context by its constructor.</summary>
    private sealed class Injected(Context ctx) : Scoped
    {
        internal override bool IsLate => ctx.IsDone;
    }
}
