namespace Baton.AspNetCore.Tests;

/// <summary>The first code a reader of README.md sees.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_first_example_responds()
    {
        var stock = new Stock(static (item, _) => Task.FromResult($"one {item}"));
        await using var server = await Server.StartAsync(app => Map(app, stock));

        Assert.Equal("one hat", await server.Client.GetStringAsync("/hat"));
    }

    [Fact]
    public async Task The_first_example_says_that_the_client_left()
    {
        var given = new TaskCompletionSource<Context>();
        var stock = new Stock(async (_, ctx) =>
        {
            given.SetResult(ctx);
            await ctx.Delay(Timeout.InfiniteTimeSpan);
            return "";
        });
        await using var server = await Server.StartAsync(app => Map(app, stock));

        var client = await server.AskAsync("/hat");
        var budget = await WaitFor.Result(given.Task);
        client.Dispose();
        await WaitFor.True(() => budget.IsDone);

        Assert.IsType<ClientDisconnectedException>(budget.Cause);
    }

    [Fact]
    public void The_first_example_is_the_one_in_the_readme()
    {
        var readme = Block(Repository.Lines("README.md"), "```csharp", "```");
        var here = Block(
            Repository.Lines("tests/Baton.AspNetCore.Tests/ReadmeTests.cs"), "// README.md", "// end");

        Assert.Equal(here, readme);
    }

    private static void Map(WebApplication app, Stock stock)
    {
        // README.md
        app.MapGet("/hat", async (Context ctx, HttpResponse response) =>
        {
            using var child = ctx.WithTimeout(TimeSpan.FromSeconds(2), cause: new TimeoutException("stock is slow"));
            var found = await stock.FindAsync("hat", child);  // goes wherever a CancellationToken goes
            await response.WriteAsync(found, child);
        });                                                     // the client left? child.Cause says so
        // end
    }

    private static string Block(string[] lines, string first, string last)
    {
        var block = lines
            .SkipWhile(line => line.Trim() != first)
            .Skip(1)
            .TakeWhile(line => line.Trim() != last)
            .ToArray();
        var margin = block.Where(static line => line.Length > 0)
            .Min(static line => line.Length - line.TrimStart().Length);
        return string.Join('\n', block.Select(line => line.Length > 0 ? line[margin..] : line));
    }

    private sealed class Stock(Func<string, Context, Task<string>> find)
    {
        internal Task<string> FindAsync(string item, Context ctx) => find(item, ctx);
    }
}
