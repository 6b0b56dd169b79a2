namespace Baton.Analyzers.Tests.Lifetime;

public class GrowsInLoopTests
{
    private const string Rule = "BTN002";

    [Theory]
    [InlineData("foreach (var n in numbers) { [|ctx = ctx.WithValue(s_key, n)|]; }")]
    [InlineData("for (var i = 0; i < 3; i++) { [|ctx = ctx.WithTimeout(TimeSpan.FromSeconds(1))|]; await UseAsync(ctx); }")]
    [InlineData("while (flag) { if (number > 1) { [|ctx = ctx.WithCancel()|]; } }")]
    [InlineData("do { [|ctx = ctx.WithoutCancel()|]; } while (flag);")]
    [InlineData("await foreach (var n in Stream(ctx)) { [|ctx = ctx.WithValue(s_key, n)|]; }")]
    [InlineData("for (var c = ctx; !c.IsDone; [|c = c.WithValue(s_key, 1)|]) { }")]
    [InlineData("for (var c = ctx; !c.IsDone;) { [|c = c.WithValue(s_key, 1)|]; }")]
    [InlineData("foreach (var n in numbers) { [|ctx = ctx.WithCancel().WithValue(s_key, n)|]; }")]
    [InlineData("foreach (var n in numbers) { [|ctx = flag ? ctx.WithValue(s_key, n) : ctx|]; }")]
    [InlineData("foreach (var n in numbers) { var next = ctx.WithValue(s_key, n); [|ctx = next|]; }")]
    [InlineData("foreach (var n in numbers) switch (n) { case 1: [|ctx = ctx.WithValue(s_key, n)|]; break; }")]
    [InlineData("foreach (var n in numbers) { foreach (var m in numbers) { [|ctx = ctx.WithValue(s_key, n)|]; break; } }")]
    [InlineData("Action grow = () => [|ctx = ctx.WithValue(s_key, 1)|]; grow();")]
    [InlineData("Func<int, Task> work = async n => { [|ctx = ctx.WithValue(s_key, n)|]; await UseAsync(ctx); }; await work(1);")]
    [InlineData("foreach (var n in numbers) { [|ctx = ctx.WithNumber(n)|]; }")]
    [InlineData("CancelableContext child = ctx.WithCancel(); while (flag) { [|child = child.WithCancel()|]; } child.Dispose();")]
    [InlineData("while (flag) { try { [|ctx = ctx.WithValue(s_key, 1)|]; await UseAsync(ctx); break; } {|BTN106:catch|} (Exception) { } }")]
    public Task Reports_one_derived_from_itself(string body) => Verify.Reports(Rule, In(body));

    [Theory]
    [InlineData("foreach (var n in numbers) { var child = ctx.WithValue(s_key, n); await UseAsync(child); }")]
    [InlineData("foreach (var n in numbers) { using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1)); await UseAsync(child); }")]
    [InlineData("foreach (var n in numbers) { var c = ctx; c = c.WithValue(s_key, n); await UseAsync(c); }")]
    [InlineData("ctx = ctx.WithValue(s_key, 1); foreach (var n in numbers) { await UseAsync(ctx); }")]
    [InlineData("var c = ctx; foreach (var n in numbers) { c = ctx.WithValue(s_key, n); await UseAsync(c); }")]
    [InlineData("var c = ctx; foreach (var n in numbers) { c = ctx; c = c.WithValue(s_key, n); await UseAsync(c); }")]
    [InlineData("var c = ctx; foreach (var n in numbers) { c = c.WithValue(s_key, n); await UseAsync(c); c = ctx; }")]
    [InlineData("var c = ctx; foreach (var n in numbers) { try { c = c.WithValue(s_key, n); await UseAsync(c); } finally { c = ctx; } }")]
    [InlineData("foreach (var n in numbers) { if (n > 1) { ctx = ctx.WithValue(s_key, n); break; } }")]
    [InlineData("foreach (var n in numbers) { ctx = ctx.WithValue(s_key, n); return; }")]
    [InlineData("foreach (var n in numbers) { if (n > 1) { ctx = ctx.WithValue(s_key, n); } throw new InvalidOperationException(ctx.ToString()); }")]
    [InlineData("Func<Context, Context> named = {|BTN104:c|} => { c = c.WithValue(s_key, 1); return c; }; await UseAsync(named(ctx));")]
    [InlineData("foreach (var n in numbers) { Func<Context, Context> f = {|BTN104:c|} => c = c.WithValue(s_key, 1); f(ctx); }")]
    [InlineData("Local(); void Local() { ctx = ctx.WithValue(s_key, 1); }")]
    public Task Is_silent_on_one_that_does_not_grow(string body) => Verify.Silent(In(body));

    [Fact]
    public Task Reports_a_field_that_grows() => Verify.Reports(Rule, """
        [ContextCarrier]
        sealed class Job(Context ctx, ContextKey<int> key)
        {
            private Context _ctx = ctx;
            private Context Current { get; set; } = ctx;

            void Run()
            {
                for (var i = 0; i < 3; i++)
                {
                    [|_ctx = _ctx.WithValue(key, i)|];
                    [|this.Current = Current.WithValue(key, i)|];
                }

                foreach (var job in new[] { this })
                {
                    job._ctx = job._ctx.WithValue(key, 1);
                }
            }
        }
        """);

    private static string In(string body) => $$"""
        static class Tested
        {
            private static readonly ContextKey<int> s_key = new("key");

            static async Task M(Context ctx, bool flag, int number, int[] numbers)
            {
                await Task.Yield();
                {{body}}
            }

            static Context WithNumber(this Context ctx, int number) => ctx.WithValue(s_key, number);
            static Task UseAsync(Context ctx) => Task.Delay(1, ctx);
            static IAsyncEnumerable<int> Stream(Context ctx) => throw new NotSupportedException(ctx.ToString());
        }
        """;
}
