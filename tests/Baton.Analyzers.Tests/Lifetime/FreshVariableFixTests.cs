using Microsoft.CodeAnalysis.CodeFixes;

namespace Baton.Analyzers.Tests.Lifetime;

public class FreshVariableFixTests
{
    private const string Rule = "BTN002";

    [Theory]
    [InlineData(
        "foreach (var n in numbers)\n        {\n            // Named.\n            ctx = ctx.WithValue(s_key, n); // by number\n            await UseAsync(ctx);\n        }",
        "foreach (var n in numbers)\n        {\n            // Named.\n            var child = ctx.WithValue(s_key, n); // by number\n            await UseAsync(child);\n        }")]
    [InlineData(
        "foreach (var n in numbers) { await UseAsync(ctx); ctx = ctx.WithTimeout(TimeSpan.Zero); await UseAsync(ctx); await UseAsync(ctx); }",
        "foreach (var n in numbers) { await UseAsync(ctx); using var child = ctx.WithTimeout(TimeSpan.Zero); await UseAsync(child); await UseAsync(child); }")]
    [InlineData(
        "Func<int, Task> work = async n => { ctx = ctx.WithValue(s_key, n); await UseAsync(ctx); }; await work(1);",
        "Func<int, Task> work = async n => { var child = ctx.WithValue(s_key, n); await UseAsync(child); }; await work(1);")]
    public Task Derives_into_a_new_variable(string body, string fixedBody) =>
        VerifyFix.Turns(Rule, In(body), In(fixedBody));

    [Theory]
    [InlineData("foreach (var n in numbers) { ctx = ctx.WithValue(s_key, n); } await UseAsync(ctx);")]
    [InlineData("foreach (var n in numbers) { if (n > 1) { ctx = ctx.WithValue(s_key, n); } await UseAsync(ctx); }")]
    [InlineData("foreach (var n in numbers) ctx = ctx.WithValue(s_key, n);")]
    public Task Is_not_offered_where_the_variable_is_used_further_on(string body) =>
        VerifyFix.IsNotOffered(Rule, In(body));

    [Fact]
    public async Task Fixes_a_hundred_at_once()
    {
        var loops = Enumerable.Range(0, 100).Select(n =>
            $"    static void M{n}(Context ctx, ContextKey<int> key) {{ while (true) {{ ctx = ctx.WithValue(key, {n}); ctx.ThrowIfDone(); }} }}");

        var text = Assert.Single(await VerifyFix.AllAtOnce(
            Rule, [$"class Tested\n{{\n{string.Join('\n', loops)}\n}}\n"], FixAllScope.Project));

        Assert.Equal(100, text.Split("var child = ").Length - 1);
        await Verify.Silent(text);
    }

    private static string In(string body) => $$"""
        class Tested
        {
            private static readonly ContextKey<int> s_key = new("key");

            static async Task M(Context ctx, int[] numbers)
            {
                await Task.Yield();
                {{body}}
            }

            static Task UseAsync(Context ctx) => Task.Delay(1, ctx);
        }
        """;
}
