// A server that says where it listens and how its requests end, so that StopProgramTests can send it real
// signals. Seconds come as --grace, --delay and, for the host's own limit, --limit.

using System.Net;
using Baton;
using Microsoft.AspNetCore.Server.Kestrel.Core;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft", LogLevel.None);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Seconds("limit", 60));
builder.Services.AddBaton(options =>
{
    options.ShutdownGrace = Seconds("grace", 30);
    options.ShutdownDelay = Seconds("delay", 0);
});
builder.Services.AddHealthChecks().AddServerLifetimeCheck();
builder.WebHost.ConfigureKestrel(static kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, 0, static http1 => http1.Protocols = HttpProtocols.Http1);
    kestrel.Listen(IPAddress.Loopback, 0, static http2 => http2.Protocols = HttpProtocols.Http2);
});

var app = builder.Build();
app.UseBaton();
app.MapHealthChecks("/ready");
app.MapGet("/", static (Context ctx) => !ctx.IsDone);
app.MapGet("/obeys", static async (Context ctx) =>
{
    Announce(ctx);
    await ctx.Delay(Timeout.InfiniteTimeSpan);
});
app.MapGet("/ignores", static (Context ctx) =>
{
    Announce(ctx);
    return new TaskCompletionSource().Task;
});

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening: {string.Join(' ', app.Urls)}"));
app.Run();
Console.WriteLine("stopped");

TimeSpan Seconds(string name, int seconds) =>
    TimeSpan.FromSeconds(builder.Configuration.GetValue(name, seconds));

static void Announce(Context ctx)
{
    ctx.AfterFunc(() => Console.WriteLine($"ended: {ctx.Cause!.GetType().Name}"));
    Console.WriteLine("started");
}
