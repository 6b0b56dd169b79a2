using Microsoft.CodeAnalysis.CodeFixes;

namespace Baton.Analyzers.Tests.Lifetime;

public class ReleaseFixTests
{
    private const string Rule = "BTN001";

    [Theory]
    [InlineData("var child = ctx.WithCancel(); // why\n        await UseAsync(child);", "using var child = ctx.WithCancel(); // why\n        await UseAsync(child);")]
    [InlineData("// A budget.\n        CancelableContext child = ctx.WithCancel();\n        if (flag) { child.Dispose(); }", "// A budget.\n        using CancelableContext child = ctx.WithCancel();\n        if (flag) { child.Dispose(); }")]
    [InlineData("Context child = ctx.WithCancel();\n        await UseAsync(child);", "using var child = ctx.WithCancel();\n        await UseAsync(child);")]
    [InlineData("var child = flag ? ctx.WithCancel() : ctx.WithTimeout(TimeSpan.Zero);\n        await UseAsync(child);", "using var child = flag ? ctx.WithCancel() : ctx.WithTimeout(TimeSpan.Zero);\n        await UseAsync(child);")]
    [InlineData("ctx.WithCancel(); // dropped", "using var child = ctx.WithCancel(); // dropped")]
    [InlineData("_ = ctx.WithCancel();", "using var child = ctx.WithCancel();")]
    [InlineData("ctx.AfterFunc(() => { });", "using var registration = ctx.AfterFunc(() => { });")]
    [InlineData("var kept = ctx.AfterFunc(() => { });", "using var kept = ctx.AfterFunc(() => { });")]
    [InlineData("// Asks.\n        await UseAsync(ctx.WithTimeout(TimeSpan.Zero)); // late", "// Asks.\n        using var child = ctx.WithTimeout(TimeSpan.Zero);\n        await UseAsync(child); // late")]
    [InlineData("var named = ctx.WithCancel().WithValue(s_key, 1);\n        await UseAsync(named);", "using var child = ctx.WithCancel();\n        var named = child.WithValue(s_key, 1);\n        await UseAsync(named);")]
    [InlineData("var child = ctx.WithCancel();\n        await UseAsync(ctx.WithCancel());\n        await UseAsync(child);", "using var child = ctx.WithCancel();\n        using var child2 = ctx.WithCancel();\n        await UseAsync(child2);\n        await UseAsync(child);")]
    public Task Releases_by_using(string body, string fixedBody) =>
        VerifyFix.Turns(Rule, In(body), In(fixedBody));

    [Theory]
    [InlineData("CancelableContext? child = null; if (flag) { child = ctx.WithCancel(); } await UseAsync(child ?? ctx);")]
    [InlineData("Context child = flag ? ctx.WithCancel() : ctx; await UseAsync(child);")]
    [InlineData("switch (number) { case 1: var child = ctx.WithCancel(); await UseAsync(child); break; }")]
    [InlineData("ctx = ctx.WithCancel(); await UseAsync(ctx);")]
    [InlineData("var child = ctx.WithCancel(); child = ctx.WithTimeout(TimeSpan.Zero); child.Dispose();")]
    public Task Is_not_offered_where_using_cannot_stand(string body) =>
        VerifyFix.IsNotOffered(Rule, In(body));

    [Theory]
    [InlineData("Context M(Context ctx) => ctx.WithCancel();")]
    [InlineData("Task M(Context ctx) { var child = ctx.WithCancel(); return Task.Delay(1, child); }")]
    [InlineData("Task M(Context ctx) { return Task.Delay(1, ctx.WithCancel()); }")]
    [InlineData("Context M(Context ctx, ContextKey<int> key) { var child = ctx.WithCancel(); return child.WithValue(key, 1); }")]
    public Task Is_not_offered_where_what_is_returned_would_be_dead(string member) =>
        VerifyFix.IsNotOffered(Rule, $"class Tested {{ {member} }}");

    [Fact]
    public Task Releases_in_top_level_statements() => VerifyFix.Turns(
        Rule,
        """
        // The program.
        var app = Context.Background.WithSignals();
        await Task.Delay(1, app.WithCancel());
        """,
        """
        // The program.
        using var app = Context.Background.WithSignals();
        using var child = app.WithCancel();
        await Task.Delay(1, child);
        """);

    [Fact]
    public async Task Fixes_a_hundred_at_once()
    {
        var methods = Enumerable.Range(0, 50).Select(n =>
            $"    static async Task M{n}(Context ctx) {{ var child = ctx.WithCancel(); await Task.Delay({n}, ctx.WithCancel()); await Task.Delay({n}, child); }}");
        var source = $"class Tested\n{{\n{string.Join('\n', methods)}\n}}\n";

        var texts = await VerifyFix.AllAtOnce(Rule,
            [source, source.Replace("Tested", "Other", StringComparison.Ordinal)], FixAllScope.Solution);

        Assert.All(texts, text => Assert.Equal(100, text.Split("using var ").Length - 1));
        await Verify.Silent(texts[0]);
    }

    private static string In(string body) => $$"""
        class Tested
        {
            private static readonly ContextKey<int> s_key = new("key");

            static async Task M(Context ctx, bool flag, int number)
            {
                await Task.Yield();
                {{body}}
            }

            static Task UseAsync(Context ctx) => Task.Delay(1, ctx);
        }
        """;
}
