using Baton;
using Microsoft.EntityFrameworkCore;
using Orders;

// dotnet run --project samples/orders                                  a SQLite file in the temporary folder
// dotnet run --project samples/orders -- --postgres "Host=…;…"         a PostgreSQL server of yours
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://localhost:8092");
builder.Services.AddBaton();

var postgres = builder.Configuration["postgres"];
var file = Path.Combine(Path.GetTempPath(), $"baton-orders-{Environment.ProcessId}.db");
builder.Services.AddDbContext<Shop>(options =>
{
    if (postgres is not null)
    {
        options.UseNpgsql(postgres).AddBaton();
    }
    else
    {
        options.UseSqlite($"Data Source={file};Pooling=False").AddBaton();
    }
});

var app = builder.Build();
app.UseBaton();
await FillAsync(app);

app.MapGet("/orders", async (Context ctx, Shop shop) => await shop.Orders.OrderBy(static order => order.Id).Take(10).ToListAsync(ctx));

// A report that takes minutes. The deadline, and a client that leaves, end it in the database itself.
app.MapGet("/report", async (Context ctx, Shop shop) =>
{
    Console.WriteLine("server: the report has begun");
    try
    {
        return Results.Ok(await shop.Database.SqlQueryRaw<long>(Shop.Report(shop.Database.IsNpgsql())).ToListAsync(ctx));
    }
    catch (ContextException e)
    {
        Console.WriteLine($"server: the report's query has ended: {e.Message}, {e.InnerException?.GetType().Name}");
        throw;
    }
}).WithRequestTimeout(TimeSpan.FromSeconds(20));

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(
    $"server: listening on {string.Join(", ", app.Urls)}. Ask for a report and leave: curl -m 1 {app.Urls.First()}/report"));
try
{
    await app.RunAsync();
}
finally
{
    File.Delete(file);
}

static async Task FillAsync(WebApplication app)
{
    await using var scope = app.Services.CreateAsyncScope();
    var shop = scope.ServiceProvider.GetRequiredService<Shop>();
    await shop.Database.EnsureCreatedAsync();
    if (!await shop.Orders.AnyAsync())
    {
        shop.Orders.AddRange(Enumerable.Range(1, 1000).Select(static number => new Order { Item = $"item {number}" }));
        await shop.SaveChangesAsync();
    }
}
