// samples/hello without Baton, for bench/server/compare to hold its start against.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://localhost:8090");

var app = builder.Build();
app.MapGet("/hello", async (CancellationToken cancellationToken, HttpResponse response) =>
{
    Console.WriteLine("server: hello handler started");
    try
    {
        await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
        await response.WriteAsync("hello\n", cancellationToken);
    }
    catch (OperationCanceledException e)
    {
        Console.WriteLine($"server: {e.Message}");
        response.StatusCode = StatusCodes.Status500InternalServerError;
    }
    finally
    {
        Console.WriteLine("server: hello handler ended");
    }
});

app.Run();
