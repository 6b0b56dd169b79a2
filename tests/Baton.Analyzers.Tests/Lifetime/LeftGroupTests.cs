namespace Baton.Analyzers.Tests.Lifetime;

public class LeftGroupTests
{
    private const string Rule = "BTN109";

    private static string In(string body) => $$"""
        class Tested
        {
            private ContextGroup? _group;

            async Task<int> M(Context ctx, int[] items, bool flag)
            {
                {{body}}
                return items.Length;
            }

            static Task WorkAsync(Context ctx, int item) => ctx.Delay(TimeSpan.FromSeconds(item));
            static async Task<int> AskAsync(Context ctx) { await ctx.Delay(TimeSpan.FromSeconds(1)); return 1; }
            static async Task FinishAsync(ContextGroup group) => await group.WaitAsync();
            public bool Has => _group is not null;
        }
        """;

    [Theory]
    [InlineData("await using var group = ctx.[|Group|](); group.Go(ctx => WorkAsync(ctx, 1));")]
    [InlineData("await using var group = ctx.[|Group|](limit: 2); group.TryGo(ctx => WorkAsync(ctx, 1));")]
    [InlineData("await using var group = ctx.[|Group|](); await group.GoAsync(ctx => WorkAsync(ctx, 1));")]
    [InlineData("await using (var group = ctx.[|Group|]()) { group.Go(ctx => WorkAsync(ctx, 1)); }")]
    [InlineData("await using var group = ctx.[|Group|](); foreach (var item in items) { group.Go(ctx => WorkAsync(ctx, item)); }")]
    [InlineData("await using var group = ctx.[|Group|](); _ = group.Run(AskAsync);")]
    [InlineData("await using var group = ctx.[|Group|](); await group.WaitAsync(); group.Go(ctx => WorkAsync(ctx, 1));")]
    [InlineData("await using var group = ctx.[|Group|](); group.Go(ctx => WorkAsync(ctx, 1)); Console.WriteLine(group.Context.IsDone);")]
    [InlineData("var group = ctx.[|Group|](); try { group.Go(ctx => WorkAsync(ctx, 1)); } finally { await group.DisposeAsync(); }")]
    [InlineData("using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1)); await using var group = child.[|Group|](); group.Go(ctx => WorkAsync(ctx, 1)); if (flag) { return 2; }")]
    [InlineData("Func<Task> run = async () => { await using var group = ctx.[|Group|](); group.Go(ctx => WorkAsync(ctx, 1)); }; await run();")]
    [InlineData("await using var group = ctx.[|Group|](); group.Go(async ctx => { await WorkAsync(ctx, 1); group.Go(ctx => WorkAsync(ctx, 2)); });")]
    public Task Reports_a_group_that_is_left_without_waiting(string body) =>
        Verify.Reports(Rule, In(body));

    [Theory]
    [InlineData("await using var group = ctx.Group(); group.Go(ctx => WorkAsync(ctx, 1)); await group.WaitAsync();")]
    [InlineData("await using (var group = ctx.Group()) { group.Go(ctx => WorkAsync(ctx, 1)); await group.WaitAsync().ConfigureAwait(false); }")]
    [InlineData("await ctx.RunGroupAsync(group => { group.Go(ctx => WorkAsync(ctx, 1)); return Task.CompletedTask; });")]
    [InlineData("await using var group = ctx.Group(); foreach (var item in items) { group.Go(ctx => WorkAsync(ctx, item)); } await group.WaitAsync();")]
    [InlineData("await using var group = ctx.Group(); while (flag) { await group.WaitAsync(); group.Go(ctx => WorkAsync(ctx, 1)); ctx.ThrowIfDone(); }")]
    [InlineData("await using var group = ctx.Group(); var asked = group.Run(AskAsync); return await asked;")]
    [InlineData("await using var group = ctx.Group(); return await group.Run(AskAsync) + await group.Run(AskAsync);")]
    [InlineData("await using var group = ctx.Group(); group.Go(ctx => WorkAsync(ctx, 1)); await FinishAsync(group);")]
    [InlineData("var group = ctx.Group(); group.Go(ctx => WorkAsync(ctx, 1)); _group = group;")]
    [InlineData("_group = ctx.Group(); _group.Go(ctx => WorkAsync(ctx, 1));")]
    [InlineData("await using var group = ctx.Group(); Console.WriteLine(group.Context.IsDone);")]
    [InlineData("await using var group = ctx.Group(); group.Go(ctx => WorkAsync(ctx, 1)); if (flag) { return 1; } await group.WaitAsync();")]
    [InlineData("await using var group = ctx.Group(); group.Go(ctx => WorkAsync(ctx, 1)); var waiting = group.WaitAsync(); await waiting;")]
    [InlineData("var groups = new List<ContextGroup> { ctx.Group() }; groups[0].Go(ctx => WorkAsync(ctx, 1));")]
    public Task Is_silent_on_a_group_that_is_waited_for_or_given_away(string body) => Verify.Silent(In(body));

    [Fact]
    public Task The_fix_waits_in_the_last_statement() => VerifyFix.Turns(Rule, """
        class Tested
        {
            async Task First(Context ctx)
            {
                await using var group = ctx.Group();
                group.Go(ctx => WorkAsync(ctx));
            }

            async Task<int> Second(Context ctx)
            {
                await using (var group = ctx.Group())
                {
                    group.Go(ctx => WorkAsync(ctx));
                    return 1;
                }
            }

            static Task WorkAsync(Context ctx) => ctx.Delay(TimeSpan.FromSeconds(1));
        }
        """, """
        class Tested
        {
            async Task First(Context ctx)
            {
                await using var group = ctx.Group();
                group.Go(ctx => WorkAsync(ctx));
                await group.WaitAsync();
            }

            async Task<int> Second(Context ctx)
            {
                await using (var group = ctx.Group())
                {
                    group.Go(ctx => WorkAsync(ctx));
                    await group.WaitAsync();
                    return 1;
                }
            }

            static Task WorkAsync(Context ctx) => ctx.Delay(TimeSpan.FromSeconds(1));
        }
        """);
}
