namespace Baton.Analyzers.Tests.Flow;

public class NotNearestTests
{
    private const string Rule = "BTN103";

    internal const string Work = """

        static class Do
        {
            public static Task Work(Context ctx, int number = 0) => Task.CompletedTask;
            public static Task Fetch(string url, CancellationToken token) => Task.CompletedTask;
            public static Task Retry(Context ctx, Func<Context, Task> work) => work(ctx);
        }
        """;

    [Fact]
    public Task Reports_the_parent_where_a_child_is_live() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work([|ctx|]);
                await Do.Work(child);
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_its_token() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Fetch("a", [|ctx|]);
                await Do.Fetch("a", [|ctx|].Done);
                CancellationToken token = ctx;
                await Do.Fetch("a", [|token|]);
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_in_a_using_statement_and_in_nested_blocks() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, int[] items)
            {
                using (var child = ctx.WithDeadline(DateTimeOffset.MaxValue))
                {
                    foreach (var item in items)
                    {
                        if (item > 0)
                        {
                            await Do.Work([|ctx|], item);
                        }
                    }
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_where_the_child_is_released_by_hand() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                try
                {
                    await Do.Work([|ctx|]);
                }
                finally
                {
                    child.Dispose();
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_each_step_but_the_last_of_a_chain() => Verify.Reports(Rule, """
        class Handler
        {
            private static readonly ContextKey<int> s_key = new("number");

            public async Task Handle(Context ctx)
            {
                using var first = ctx.WithValue(s_key, 1).WithTimeout(TimeSpan.FromSeconds(2));
                var named = first.WithValue(s_key, 2);
                using var second = named.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work([|ctx|]);
                await Do.Work([|first|]);
                await Do.Work([|named|]);
                await Do.Work(second);
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_the_outer_context_in_a_task_of_a_group() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                await using var group = ctx.{|BTN109:Group|}();
                group.Go(async {|BTN104:inner|} => await Do.Work([|ctx|]));
                group.Go(async _ => await Do.Work([|ctx|]));
                group.Go(_ => Do.Fetch("a", [|ctx|]));
                await group.GoAsync(async {|BTN104:inner|} => await Do.Work([|ctx|]));
                await group.Run(async {|BTN104:inner|} =>
                {
                    await Do.Work([|ctx|]);
                    return 1;
                });
                group.TryGo(async {|BTN104:inner|} =>
                {
                    using var child = inner.WithTimeout(TimeSpan.FromSeconds(1));
                    await Do.Work([|ctx|]);
                });
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_it_in_a_group_given_as_a_body_or_from_elsewhere() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, ContextGroup other)
            {
                await ctx.RunGroupAsync(async group =>
                {
                    group.Go(_ => Do.Work([|ctx|]));
                    await group.WaitAsync();
                });
                other.Go(_ => Do.Work([|ctx|]));
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_it_in_a_lambda_that_was_given_its_own() => Verify.Reports(Rule, """
        class Handler
        {
            public Task Handle(Context ctx) => Do.Retry(ctx, _ => Do.Work([|ctx|]));
        }
        """ + Work);

    [Fact]
    public Task Reports_a_wait_on_the_outer_one() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, Task task)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await [|ctx|].Delay(TimeSpan.FromSeconds(1));
                await [|ctx|].WaitAsync(task);
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_the_request_itself() => Verify.Reports(Rule, """
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                using var child = http.RequestContext.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work([|http|].RequestContext);
                await Do.Fetch("a", [|http|].RequestAborted);
                await next(http);
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_in_top_level_statements_and_in_local_lambdas() => Verify.Reports(Rule, """
        using var ctx = Context.Background.WithSignals();
        using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
        await Do.Work([|ctx|]);
        await Task.WhenAll(args.Select(arg => Do.Fetch(arg, [|ctx|])));
        """ + Work);

    [Fact]
    public Task Reports_the_token_that_a_context_was_made_of() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(CancellationToken token)
            {
                using var ctx = Context.FromToken(token).WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Fetch("a", [|token|]);
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_an_object_that_is_made_of_it_for_now() => Verify.Reports(Rule, """
        class Job
        {
            public Job(Context ctx) => ctx.ThrowIfDone();
        }

        class Handler
        {
            public void Handle(Context ctx)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                var job = new Job([|ctx|]);
                Console.WriteLine(job);
            }
        }
        """);

    [Fact]
    public Task Reports_the_outer_context_in_a_local_function() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await Local();
                await Nested();
                async Task Local() => await Do.Work([|ctx|]);

                async Task Nested()
                {
                    await Inner();
                    Task Inner() => Do.Work([|ctx|]);
                }
            }
        }
        """ + Work);
}
