using Microsoft.CodeAnalysis.CodeFixes;

namespace Baton.Analyzers.Tests.Lifetime;

public class DetachFixTests
{
    private const string Rule = "BTN004";

    [Theory]
    [InlineData("_ = Task.Run(() => WorkAsync(ctx)); // later", "_ = Task.Run(() => WorkAsync(ctx.WithoutCancel())); // later")]
    [InlineData("_ = WorkAsync(ctx);", "_ = WorkAsync(ctx.WithoutCancel());")]
    [InlineData("_ = WorkAsync(http.RequestContext);", "_ = WorkAsync(http.RequestContext.WithoutCancel());")]
    [InlineData(
        "// Mail.\n        _ = Task.Run(async () => { await WorkAsync(ctx); await WorkAsync(ctx); });",
        "// Mail.\n        var detached = ctx.WithoutCancel();\n        _ = Task.Run(async () => { await WorkAsync(detached); await WorkAsync(detached); });")]
    [InlineData(
        "_ = Task.Run(() => WorkAsync(http.RequestContext));",
        "var detached = http.RequestContext.WithoutCancel();\n        _ = Task.Run(() => WorkAsync(detached));")]
    public Task Detaches_the_context(string body, string fixedBody) =>
        VerifyFix.Turns(Rule, In(body), In(fixedBody));

    [Theory]
    [InlineData("var token = ctx.Done; _ = Task.Run(() => Task.Delay(1, token));")]
    [InlineData("_ = LocalAsync(); async Task LocalAsync() => await WorkAsync(ctx);")]
    public Task Is_not_offered_where_it_is_not_enough(string body) => VerifyFix.IsNotOffered(Rule, In(body));

    [Fact]
    public async Task Fixes_a_hundred_at_once()
    {
        var calls = Enumerable.Range(0, 10).Select(n => n % 2 == 0
            ? "_ = WorkAsync(ctx);"
            : "_ = Task.Run(async () => { await WorkAsync(ctx); await WorkAsync(ctx); });");
        var source = In(string.Join("\n        ", calls));
        var sources = Enumerable.Range(0, 10)
            .Select(n => source.Replace("Tested", $"Tested{n}", StringComparison.Ordinal));

        var text = Assert.Single(
            await VerifyFix.AllAtOnce(Rule, [string.Join('\n', sources)], FixAllScope.Document));

        Assert.Equal(100, text.Split("WithoutCancel()").Length - 1);
        await Verify.Silent(text);
    }

    private static string In(string body) => $$"""
        static class Tested
        {
            static void Map(WebApplication app) => app.MapGet("/", async (Context ctx, HttpContext http) =>
            {
                await Task.Yield();
                {{body}}
            });

            static Task WorkAsync(Context ctx) => Task.Delay(1, ctx);
        }
        """;
}
