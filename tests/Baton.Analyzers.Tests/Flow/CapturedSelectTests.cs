namespace Baton.Analyzers.Tests.Flow;

public class CapturedSelectTests
{
    private const string Rule = "BTN111";

    [Fact]
    public Task Reports_a_select_that_is_awaited_as_it_is() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task<int> Handle(Context ctx, ChannelReader<int> input, Task work)
            {
                await [|Select.Done(ctx)|];
                switch (await [|Select.After(TimeSpan.FromSeconds(1)).Done(ctx)|])
                {
                    case 0:
                        return await [|Select.Receive(input, out var item, when: true).Completed(work).Default()|];
                }

                return (await [|(Select.Done(ctx))|]) + 1;
            }
        }
        """);

    [Fact]
    public Task Reports_cases_that_are_kept() => Verify.Reports(Rule, """
        class Handler
        {
            private readonly SelectCases _cases = Select.After(TimeSpan.FromSeconds(1));

            public async Task Handle(Context ctx, SelectCases? given)
            {
                var cases = Select.Done(ctx);
                while (await [|cases|] == 0)
                {
                    await [|_cases|];
                    await [|given!|];
                    await [|(given ?? cases)|];
                }
            }
        }
        """);

    [Fact]
    public Task Reports_in_lambdas_and_in_top_level_statements() => Verify.Reports(Rule, """
        await [|Select.Done(Context.Background)|];
        Func<Context, Task<int>> wait = async ctx => await [|Select.Done(ctx)|];
        await wait(Context.Background);
        """);

    [Fact]
    public Task Is_silent_on_a_select_that_is_configured() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                await Select.Done(ctx).ConfigureAwait(false);
                await Select.Done(ctx).ConfigureAwait(true);
                var wait = Select.Done(ctx).ConfigureAwait(false);
                await wait;
            }
        }
        """, Rule);

    [Fact]
    public Task Is_silent_on_tasks_which_are_CA2007s() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                await Select.Done(ctx).AsTask();
                await ctx.Delay(TimeSpan.FromSeconds(1));
                await using var group = ctx.Group();
                await group.WaitAsync();
                Task<int> select = Select.Done(ctx).AsTask();
                await select;
            }
        }
        """, Rule);

    [Fact]
    public Task Is_silent_on_a_select_that_is_not_awaited() => Verify.Silent("""
        class Handler
        {
            public Task<int> Handle(Context ctx) => Select.Done(ctx).AsTask();
            public SelectCases Cases(Context ctx) => Select.Done(ctx);
        }
        """, Rule);

    [Fact]
    public Task Is_silent_unless_it_is_switched_on() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx) => await Select.Done(ctx);
        }
        """);

    [Fact]
    public Task The_fix_configures_the_await() => VerifyFix.Turns(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, ChannelReader<int> input, SelectCases? given)
            {
                await Select.Done(ctx); // why
                switch (await Select
                    .Receive(input, out var item)
                    .After(TimeSpan.FromSeconds(1)))
                {
                    case 0:
                        await (given ?? Select.Done(ctx));
                        await given!;
                        break;
                }

                var sum = await Select.Done(ctx) + await (Select.Done(ctx));
            }
        }
        """, """
        class Handler
        {
            public async Task Handle(Context ctx, ChannelReader<int> input, SelectCases? given)
            {
                await Select.Done(ctx).ConfigureAwait(false); // why
                switch (await Select
                    .Receive(input, out var item)
                    .After(TimeSpan.FromSeconds(1)).ConfigureAwait(false))
                {
                    case 0:
                        await (given ?? Select.Done(ctx)).ConfigureAwait(false);
                        await given!.ConfigureAwait(false);
                        break;
                }

                var sum = await Select.Done(ctx).ConfigureAwait(false) + await (Select.Done(ctx)).ConfigureAwait(false);
            }
        }
        """);

    [Fact]
    public Task The_fix_sets_parentheses_where_they_are_needed() => VerifyFix.Turns(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, object cases, Task<SelectCases> later)
            {
                await (SelectCases)cases;
                await await later;
            }
        }
        """, """
        class Handler
        {
            public async Task Handle(Context ctx, object cases, Task<SelectCases> later)
            {
                await ((SelectCases)cases).ConfigureAwait(false);
                await (await later).ConfigureAwait(false);
            }
        }
        """);
}
