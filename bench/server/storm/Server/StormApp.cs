using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Baton.Storm;

/// <summary>The application that stands in the storm.</summary>
internal static class StormApp
{
    internal static WebApplication Build(Kind kind, Watch watch)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().AddProvider(watch);
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(
                IPAddress.Loopback, 0, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.Listen(
                IPAddress.Loopback, 0, static endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        return kind switch
        {
            Kind.Bare => BuildBare(builder),
            Kind.Baton => BuildBaton(builder),
            _ => BuildWatched(builder, watch),
        };
    }

    private static WebApplication BuildBare(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.MapGet("/wait", static (CancellationToken aborted) => Task.Delay(Timeout.Infinite, aborted));
        return app;
    }

    private static WebApplication BuildBaton(WebApplicationBuilder builder)
    {
        builder.Services.AddBaton();
        var app = builder.Build();
        app.UseBaton();
        app.MapGet("/wait", static (Context ctx) => ctx.Delay(Timeout.InfiniteTimeSpan));
        return app;
    }

    private static WebApplication BuildWatched(WebApplicationBuilder builder, Watch watch)
    {
        builder.Services.AddRequestTimeouts();
        builder.Services.AddBaton(options => options.BaseContext = watch.BaseContext);
        var app = builder.Build();
        app.UseRouting();
        app.UseBaton();
        app.UseWebSockets();
        app.Use(next => http => watch.InvokeAsync(http, next));
        app.MapGet("/good", Handlers.Good);
        app.MapMethods("/wait", ["GET", "POST"], Handlers.WaitAsync);
        app.MapMethods("/derive", ["GET", "POST"], Handlers.DeriveAsync);
        app.MapMethods("/group", ["GET", "POST"], Handlers.GroupAsync);
        app.MapMethods("/forget", ["GET", "POST"], Handlers.ForgetAsync);
        app.MapMethods("/deaf", ["GET", "POST"], Handlers.DeafAsync);
        app.MapMethods("/late", ["GET", "POST"], Handlers.WaitAsync).WithRequestTimeout(
            TimeSpan.FromMilliseconds(100));
        app.MapPost("/read", Handlers.ReadAsync);
        app.MapGet("/stream", Handlers.StreamAsync);
        app.MapGet("/large", Handlers.LargeAsync);
        app.Map("/socket", Handlers.SocketAsync);
        return app;
    }
}
