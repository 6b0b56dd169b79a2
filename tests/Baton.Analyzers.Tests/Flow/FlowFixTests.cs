namespace Baton.Analyzers.Tests.Flow;

public class FlowFixTests
{
    private const string Do = """

        static class Do
        {
            public static Task Work() => Task.CompletedTask;
            public static Task Work(Context ctx) => Task.CompletedTask;
            public static Task Save(string name, int count = 1, CancellationToken token = default) => Task.CompletedTask;
            public static Task Find(params object[] keys) => Task.CompletedTask;
            public static Task Find(object[] keys, CancellationToken token) => Task.CompletedTask;
            public static Task Load(string name, int count) => Task.CompletedTask;
            public static Task Load(Context ctx, string name, int count) => Task.CompletedTask;
            public static void Step() { }
        }
        """;

    [Fact]
    public Task A_call_is_given_the_context() => Turns("BTN101", """
                await Do.Work();
                await Do.Save("a");
                await Do.Save("a", 2);
                await Do.Save(count: 2, name: "a");
                await Do.Find(1, "b");
                await Do.Load("a", 1); // why
                await Do.Load(
                    "a",
                    1);
                await Do.Save(
                    "a",
                    2);
                await Task.WhenAll(Task.Delay(1), Task.Delay(2));
        """, """
                await Do.Work(ctx);
                await Do.Save("a", token: ctx);
                await Do.Save("a", 2, ctx);
                await Do.Save(count: 2, name: "a", token: ctx);
                await Do.Find([1, "b"], ctx);
                await Do.Load(ctx, "a", 1); // why
                await Do.Load(
                    ctx, "a",
                    1);
                await Do.Save(
                    "a",
                    2, ctx);
                await Task.WhenAll(Task.Delay(1, ctx), Task.Delay(2, ctx));
        """);

    [Fact]
    public Task A_call_inside_a_call_is_given_the_context_too() => Turns("BTN101", """
                await Do.Save(await File.ReadAllTextAsync("a"), 1);
        """, """
                await Do.Save(await File.ReadAllTextAsync("a", ctx), 1, ctx);
        """);

    [Fact]
    public Task A_work_of_a_group_gives_its_own_context_on_also_if_that_had_no_name() => Turns("BTN101", """
                await using var group = ctx.Group();
                group.Go(async _ =>
                {
                    await Task.Delay(1);
                    await Do.Save("a", 1);
                });
        """, """
                await using var group = ctx.{|BTN109:Group|}();
                group.Go(async ctx =>
                {
                    await Task.Delay(1, ctx);
                    await Do.Save("a", 1, ctx);
                });
        """);

    [Fact]
    public Task A_call_through_a_conditional_access_or_an_extension_is_given_the_context() =>
        VerifyFix.Turns("BTN101", """
        class Handler
        {
            public async Task Handle(Context ctx, Stream? stream, HttpResponse response)
            {
                await (stream?.FlushAsync() ?? Task.CompletedTask);
                await response.WriteAsync("a");
            }
        }
        """, """
        class Handler
        {
            public async Task Handle(Context ctx, Stream? stream, HttpResponse response)
            {
                await (stream?.FlushAsync(ctx) ?? Task.CompletedTask);
                await response.WriteAsync("a", ctx);
            }
        }
        """);

    [Fact]
    public Task A_hub_gives_its_connection_on() => VerifyFix.Turns("BTN112", """
        class Chat : Hub
        {
            public Task Say(string text) => File.WriteAllTextAsync("said", text);
            public Task Work() => Do.Work();
        }
        """ + Do, """
        class Chat : Hub
        {
            public Task Say(string text) => File.WriteAllTextAsync("said", text, Context.ConnectionAborted);
            public Task Work() => Do.Work(Baton.Context.FromToken(Context.ConnectionAborted));
        }
        """ + Do);

    [Fact]
    public Task What_starts_over_goes_on_with_the_context() => Turns("BTN102", """
                await Do.Work(Context.Background);
                await Do.Save("a", token: CancellationToken.None);
                await Do.Save("a", 1, default);
                using var child = Context.Todo.WithTimeout(TimeSpan.FromSeconds(1)); // why
                Func<CancellationToken> token = () => CancellationToken.None;
        """, """
                await Do.Work(ctx);
                await Do.Save("a", token: ctx);
                await Do.Save("a", 1, ctx);
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1)); // why
                Func<CancellationToken> token = () => child.Done;
        """);

    [Fact]
    public Task A_source_becomes_a_child() => Turns("BTN102", """
                if (ctx.Remaining > TimeSpan.Zero)
                {
                    using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                    await Do.Save("a", 1, source.Token);
                }

                if (ctx.Remaining > TimeSpan.Zero)
                {
                    using var source = new CancellationTokenSource(100);
                    await Do.Save("a", 1, source.Token);
                    source.Cancel();
                }

                using var third = new CancellationTokenSource();
                third.CancelAfter(1);
        """, """
                if (ctx.Remaining > TimeSpan.Zero)
                {
                    using var source = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                    await Do.Save("a", 1, source.Done);
                }

                if (ctx.Remaining > TimeSpan.Zero)
                {
                    using var source = ctx.WithTimeout(TimeSpan.FromMilliseconds(100));
                    await Do.Save("a", 1, source.Done);
                    source.Cancel();
                }

                using var third = CancellationTokenSource.CreateLinkedTokenSource(ctx);
                third.CancelAfter(1);
        """);

    [Fact]
    public Task A_source_whose_time_is_not_given_in_place_keeps_its_own() =>
        VerifyFix.IsNotOffered("BTN102", """
        class Handler
        {
            public void Handle(Context ctx, TimeProvider clock)
            {
                using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1), clock);
                Console.WriteLine(source.Token);
            }
        }
        """);

    [Fact]
    public Task The_nearest_context_is_passed_on() => Turns("BTN103", """
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work(ctx);
                await Do.Save("a", 1, ctx.Done);
                await ctx.Delay(TimeSpan.FromSeconds(1)); // why
                await using var group = child.Group();
                group.Go(_ => Do.Work(child));
        """, """
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work(child);
                await Do.Save("a", 1, child.Done);
                await child.Delay(TimeSpan.FromSeconds(1)); // why
                await using var group = child.{|BTN109:Group|}();
                group.Go(ctx => Do.Work(ctx));
        """);

    [Fact]
    public Task The_request_gives_way_to_the_child() => VerifyFix.Turns("BTN103", """
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                using var child = http.RequestContext.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work(http.RequestContext);
                await Do.Save("a", 1, http.RequestAborted);
                await next(http);
            }
        }
        """ + Do, """
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                using var child = http.RequestContext.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work(child);
                await Do.Save("a", 1, child);
                await next(http);
            }
        }
        """ + Do);

    [Fact]
    public Task A_loop_and_a_wait_look_at_the_context() => Turns("BTN105", """
                if (ctx.Remaining > TimeSpan.Zero)
                {
                    while (true)
                    {
                        Do.Step();
                    }
                }

                Thread.Sleep(100);
                Thread.Sleep(TimeSpan.FromSeconds(1)); // why
                var task = Task.FromResult(1).WaitAsync(ctx);
                Console.WriteLine(task.Result);
                Console.WriteLine(Task.FromResult("a").WaitAsync(TimeSpan.Zero, ctx).GetAwaiter().GetResult().Length);
        """, """
                if (ctx.Remaining > TimeSpan.Zero)
                {
                    while (true)
                    {
                        ctx.ThrowIfDone();
                        Do.Step();
                    }
                }

                await ctx.Delay(TimeSpan.FromMilliseconds(100));
                await ctx.Delay(TimeSpan.FromSeconds(1)); // why
                var task = Task.FromResult(1).WaitAsync(ctx);
                Console.WriteLine(await ctx.WaitAsync(task));
                Console.WriteLine(Task.FromResult("a").WaitAsync(TimeSpan.Zero, ctx).GetAwaiter().GetResult().Length);
        """);

    [Fact]
    public Task A_wait_that_may_not_be_awaited_waits_for_the_token() => VerifyFix.Turns("BTN105", """
        class Handler
        {
            public void Handle(Context ctx)
            {
                Thread.Sleep(100);
                while (true)
                    Do.Step();
            }
        }
        """ + Do, """
        class Handler
        {
            public void Handle(Context ctx)
            {
                ctx.Done.WaitHandle.WaitOne(100);
                while (true)
                {
                    ctx.ThrowIfDone();
                    Do.Step();
                }
            }
        }
        """ + Do);

    [Fact]
    public Task A_wait_for_something_else_has_no_fix() => VerifyFix.IsNotOffered("BTN105", """
        class Handler
        {
            public int Handle(Context ctx, Task<int> task, WaitHandle handle, Thread thread)
            {
                handle.WaitOne();
                thread.Join();
                return task.Result;
            }
        }
        """);

    [Fact]
    public Task A_catch_of_everything_lets_a_cancellation_through() => Turns("BTN106", """
                try
                {
                    await Do.Work(ctx);
                }
                catch (Exception e) // why
                {
                    Console.WriteLine(e);
                }

                try { await Do.Work(ctx); } catch { }
        """, """
                try
                {
                    await Do.Work(ctx);
                }
                catch (Exception e) when (!ctx.IsDone) // why
                {
                    Console.WriteLine(e);
                }

                try { await Do.Work(ctx); } catch when (!ctx.IsDone) { }
        """);

    [Fact]
    public Task A_null_becomes_Todo_or_the_context_in_scope() => VerifyFix.Turns("BTN107", """
        class Handler
        {
            public async Task Handle(bool quick, Context? ctx = null)
            {
                await Do.Work(null!);
                await Do.Load(ctx: default!, "a", 1);
                await Do.Work(ctx ?? null!);
            }

            public Task Handle(Context ctx) => Do.Work((Context)null!);
        }
        """ + Do, """
        class Handler
        {
            public async Task Handle(bool quick, Context? ctx = null)
            {
                await Do.Work({|BTN102:Context.Todo|});
                await Do.Load(ctx: {|BTN102:Context.Todo|}, "a", 1);
                await Do.Work(ctx ?? Context.Todo);
            }

            public Task Handle(Context ctx) => Do.Work(ctx);
        }
        """ + Do);

    [Fact]
    public Task A_default_of_a_parameter_has_no_fix() => VerifyFix.IsNotOffered("BTN107", """
        class Handler
        {
            public Task Handle(Context ctx = null!) => Task.CompletedTask;
        }
        """);

    private static Task Turns(string rule, string body, string fixedBody) =>
        VerifyFix.Turns(rule, In(body), In(fixedBody));

    private static string In(string body) =>
        "class Handler\n{\n    public async Task Handle(Context ctx)\n    {\n" + body + "\n    }\n}\n" + Do;
}
