using Microsoft.CodeAnalysis.CodeFixes;

namespace Baton.Analyzers.Tests.Lifetime;

public class StoredFixTests
{
    private const string Rule = "BTN003";

    [Fact]
    public Task Passes_a_primary_constructors_parameter() => VerifyFix.Turns(
        Rule,
        """
        class Mailer(Context ctx, string from)
        {
            // Sends it.
            public Task SendAsync(string to) => Task.Delay(from.Length + to.Length, ctx);
            public async Task SendAllAsync() { await SendAsync("a"); }
        }

        class Caller
        {
            Task M(Context ctx) { var mailer = new Mailer(ctx, "me"); return mailer.SendAllAsync(); }
        }
        """,
        """
        class Mailer(string from)
        {
            // Sends it.
            public Task SendAsync(Context ctx, string to) => Task.Delay(from.Length + to.Length, ctx);
            public async Task SendAllAsync(Context ctx) { await SendAsync(ctx, "a"); }
        }

        class Caller
        {
            Task M(Context ctx) { var mailer = new Mailer("me"); return mailer.SendAllAsync(ctx); }
        }
        """);

    [Fact]
    public Task Passes_what_the_constructor_put_into_a_field() => VerifyFix.Turns(
        Rule,
        """
        class Mailer
        {
            private readonly Context _ctx;
            private readonly string _from;

            public Mailer(Context ctx, string from)
            {
                _ctx = ctx;
                _from = from;
            }

            public Task SendAsync() => Task.Delay(_from.Length, _ctx);
        }

        class Caller
        {
            Task M(Context ctx) => new Mailer(ctx, "me").SendAsync();
        }
        """,
        """
        class Mailer
        {
            private readonly string _from;

            public Mailer(string from)
            {
                _from = from;
            }

            public Task SendAsync(Context ctx) => Task.Delay(_from.Length, ctx);
        }

        class Caller
        {
            Task M(Context ctx) => new Mailer("me").SendAsync(ctx);
        }
        """);

    [Theory]
    [InlineData("class Mailer(Context ctx) { public Task SendAsync() => Task.Delay(1, ctx); }")]
    [InlineData("class Mailer(Context ctx) { public bool IsDone => ctx.IsDone; } class C { bool M(Context ctx) => new Mailer(ctx).IsDone; }")]
    [InlineData("interface ISend { Task SendAsync(); } class Mailer(Context ctx) : ISend { public Task SendAsync() => Task.Delay(1, ctx); } class C { Task M(Context ctx) => new Mailer(ctx).SendAsync(); }")]
    [InlineData("class Mailer(Context ctx) { public Task SendAsync() => Task.Delay(1, ctx); } class C { Func<Task> M(Context ctx) => new Mailer(ctx).SendAsync; }")]
    [InlineData("record Message(string Text, Context Ctx);")]
    [InlineData("class Holder { public Context? Ctx { get; set; } }")]
    public Task Is_not_offered_where_not_all_callers_can_pass_it(string source) =>
        VerifyFix.IsNotOffered(Rule, source);

    [Fact]
    public async Task Fixes_a_hundred_at_once()
    {
        var types = Enumerable.Range(0, 100).Select(n =>
            $"class Mailer{n}(Context ctx) {{ public Task SendAsync() => Task.Delay({n}, ctx); }}\n"
            + $"class Caller{n} {{ Task M(Context ctx) => new Mailer{n}(ctx).SendAsync(); }}");

        var text = Assert.Single(
            await VerifyFix.AllAtOnce(Rule, [string.Join('\n', types)], FixAllScope.Document));

        Assert.Equal(100, text.Split("SendAsync(Context ctx)").Length - 1);
        await Verify.Silent(text);
    }
}
