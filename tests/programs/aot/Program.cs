// A service that asks itself, as a native program: see run beside this file. Exit code: 0 all as expected, 1
// not.
using System.Runtime.CompilerServices;
using Baton;
using Baton.Aot;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddBaton();
builder.Services.AddHttpContextAccessor();
builder.Services.AddRequestTimeouts(static options =>
    options.AddPolicy("short", TimeSpan.FromMilliseconds(50)));
builder.Services.AddScoped<Store>();
builder.Services.AddHttpClient("self").AddBatonHandler();

var app = builder.Build();
app.UseBaton();
app.MapGet("/parameter", static (Context ctx) =>
{
    using var child = ctx.WithTimeout(TimeSpan.FromHours(1));
    return $"{child.IsDone}";
});
app.MapGet("/property", static async (HttpContext http) =>
{
    await Task.Yield();
    return $"{http.RequestContext.IsDone}";
});
app.MapGet("/service", static (Store store, HttpContext http) => $"{store.Context == http.RequestContext}");
app.MapGet("/token", static (CancellationToken token, HttpContext http) =>
    $"{Context.FromToken(token) == http.RequestContext}");
app.MapGet("/late", static (Context ctx) => ctx.Delay(TimeSpan.FromMinutes(1))).WithRequestTimeout("short");
app.MapGet("/left", static (Context ctx) => $"{ctx.Remaining < TimeSpan.FromMinutes(5)}");
await app.StartAsync();

var self = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("self");
self.BaseAddress = new Uri(app.Urls.First());
using var patience = Context.Background.WithTimeout(TimeSpan.FromMinutes(1));
(string Path, int Status, string Body)[] expected =
[
    ("/parameter", 200, "False"),
    ("/property", 200, "False"),
    ("/service", 200, "True"),
    ("/token", 200, "True"),
    ("/late", 504, ""),
    ("/left", 200, "True"),
];
var failed = 0;
foreach (var (path, status, body) in expected)
{
    using var answer = await self.GetAsync(patience, path);
    var text = await answer.Content.ReadAsStringAsync();
    if ((int)answer.StatusCode != status || text != body)
    {
        failed++;
        Console.WriteLine($"{path}: {(int)answer.StatusCode} '{text}', and not {status} '{body}'");
    }
}

await app.StopAsync();
Console.WriteLine(
    $"{(RuntimeFeature.IsDynamicCodeSupported ? "run time compiler" : "native")}: {expected.Length - failed} passed, {failed} failed");
return failed == 0 ? 0 : 1;

namespace Baton.Aot
{
    /// <summary>Takes the context of its request by its constructor.</summary>
    internal sealed class Store(Context ctx)
    {
        internal Context Context => ctx;
    }
}
