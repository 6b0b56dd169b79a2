using Baton;
using Microsoft.AspNetCore.Connections;

// A sample is run by a developer. Elsewhere the page of requests would have to ask for authorization.
var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, EnvironmentName = Environments.Development });
builder.Services.AddBaton();

// What is printed below is all there is to see; Ctrl+C waits no longer than this for running requests.
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://localhost:8090");

var app = builder.Build();
app.UseBaton();
app.MapBatonDashboard("/baton");
app.Lifetime.ApplicationStarted.Register(() => Console.Error.WriteLine($"dashboard: {app.Urls.First()}/baton"));

app.MapGet("/hello", async (Context ctx, HttpResponse response) =>
{
    Console.WriteLine("server: hello handler started");
    try
    {
        switch (await Select.After(TimeSpan.FromSeconds(10)).Done(ctx))
        {
            case 0: await response.WriteAsync("hello\n", ctx); break;      // the work finished
            case 1:                                                        // the client left, or time ran out
                Console.WriteLine($"server: {ctx.Err!.Message}");
                await Error(response, ctx.Err.Message, StatusCodes.Status500InternalServerError);
                break;
        }
    }
    finally { Console.WriteLine("server: hello handler ended"); }
});

try
{
    app.Run();
}
catch (IOException e) when (e.InnerException is AddressInUseException)
{
    Console.Error.WriteLine(
        $"server: {e.Message} Stop what listens there, or choose another port: --urls http://localhost:8091");
    Environment.ExitCode = 1;
}

// Go's http.Error. Without ctx: that is done, and the answer is still to be written.
static Task Error(HttpResponse response, string text, int status)
{
    response.StatusCode = status;
    response.ContentType = "text/plain; charset=utf-8";
    response.Headers.XContentTypeOptions = "nosniff";
    return response.WriteAsync(text + "\n");
}
