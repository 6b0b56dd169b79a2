using Baton;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddBaton(options => options.Timeout = TimeSpan.FromSeconds(30));    // no request takes longer

var app = builder.Build();
app.UseBaton();

app.MapGet("/work", async (Context ctx) =>
{
    try
    {
        await ctx.Delay(TimeSpan.FromSeconds(10));    // your work: pass ctx to whatever takes a CancellationToken
        return "done\n";
    }
    finally
    {
        Console.WriteLine($"work ended: {ctx.Cause?.Message ?? "done"}");
    }
});

app.Run();
