namespace Baton.Analyzers.Tests.Flow;

public class NeverLooksTests
{
    private const string Rule = "BTN105";

    private const string Work = """

        static class Do
        {
            public static Task Work() => Task.CompletedTask;
            public static bool Step() => true;
        }
        """;

    [Fact]
    public Task Reports_a_loop_that_awaits() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                ctx.ThrowIfDone();
                [|while|] (true)
                {
                    await Do.Work();
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_each_kind_of_endless_loop() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, int kind)
            {
                if (kind == 1)
                {
                    [|for|] (;;)
                    {
                        await Do.Work();
                    }
                }

                if (kind == 2)
                {
                    [|for|] (var i = 0; ; i++)
                    {
                        await Do.Work();
                    }
                }

                [|do|]
                {
                    await Do.Work();
                }
                while (true);
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_a_loop_that_only_calls() => Verify.Reports(Rule, """
        class Handler
        {
            public void Handle(Context ctx)
            {
                [|while|] (true)
                {
                    if (Console.ReadLine() is null)
                    {
                        break;
                    }
                }

                [|while|] (true)
                    Do.Step();
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_the_innermost_of_two_loops() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                while (true)
                {
                    [|while|] (true)
                    {
                        await Do.Work();
                        if (Do.Step())
                        {
                            break;
                        }
                    }
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_a_loop_over_the_items_of_a_stream() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, IAsyncEnumerable<int> items)
            {
                [|while|] (true)
                {
                    await foreach (var item in items)
                    {
                        Console.WriteLine(item);
                    }
                }
            }
        }
        """);

    [Fact]
    public Task Reports_in_lambdas_local_functions_and_iterators() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                await using var group = ctx.{|BTN109:Group|}();
                group.Go(async _ =>
                {
                    [|while|] (true)
                    {
                        await Do.Work();
                    }
                });
                await Local();

                async Task Local()
                {
                    [|while|] (true)
                    {
                        await Do.Work();
                    }
                }
            }

            public async IAsyncEnumerable<int> Numbers(Context ctx)
            {
                [|while|] (true)
                {
                    await Do.Work();
                    yield return 1;
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_in_top_level_statements() => Verify.Reports(Rule, """
        using var ctx = Context.Background.WithSignals();
        [|while|] (true)
        {
            await Do.Work();
        }
        """ + Work);

    [Fact]
    public Task Reports_blocking_waits() => Verify.Reports(Rule, """
        class Handler
        {
            public int Handle(Context ctx, Task<int> task, ValueTask<int> other, WaitHandle handle, Thread thread)
            {
                Thread.[|Sleep|](100);
                Thread.[|Sleep|](TimeSpan.FromSeconds(1));
                handle.[|WaitOne|]();
                handle.[|WaitOne|](1000);
                WaitHandle.[|WaitAny|]([handle]);
                thread.[|Join|]();
                task.GetAwaiter().[|GetResult|]();
                return task.[|Result|] + other.[|Result|];
            }
        }
        """);

    [Fact]
    public Task Reports_a_wait_in_place_of_the_loop_around_it() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                while (true)
                {
                    Do.Step();
                    Thread.[|Sleep|](100);
                }
            }

            public async Task Wait(Context ctx)
            {
                while (true)
                {
                    Do.Step();
                    await Task.{|BTN101:Delay|}(100);
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Reports_a_wait_in_a_loop_that_looks() => Verify.Reports(Rule, """
        class Handler
        {
            public void Handle(Context ctx)
            {
                while (!ctx.IsDone)
                {
                    Thread.[|Sleep|](100);
                }
            }
        }
        """);

    [Fact]
    public Task Reports_in_a_hub_and_in_a_controller_that_take_a_context() => Verify.Reports(Rule, """
        class Orders : ControllerBase
        {
            public int Get(Context ctx, Task<int> task) => task.[|Result|];
        }

        class Chat : Hub
        {
            public int Say(Context ctx, Task<int> task) => task.[|Result|];
        }
        """);

    [Fact]
    public Task Reports_a_result_by_way_of_conditional_access_and_a_pattern() => Verify.Reports(Rule, """
        class Handler
        {
            public int? Handle(Context ctx, Task<int>? task, Thread? thread)
            {
                thread?.[|Join|]();
                return task?.[|Result|];
            }
        }
        """);

    [Fact]
    public Task Reports_an_awaiter_that_was_not_asked() => Verify.Reports(Rule, """
        class Handler
        {
            public int Handle(Context ctx, Task<int> task)
            {
                ctx.ThrowIfDone();
                var awaiter = task.GetAwaiter();
                return awaiter.[|GetResult|]();
            }
        }
        """);
}
