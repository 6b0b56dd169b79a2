namespace Baton.Analyzers.Tests.Flow;

public class NotNearestSilenceTests
{
    private const string Work = """

        static class Do
        {
            public static Task Work(Context ctx, Context? other = null) => Task.CompletedTask;
            public static Task Fetch(string url, CancellationToken token) => Task.CompletedTask;
        }
        """;

    [Fact]
    public Task Is_silent_before_and_after_the_child() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                await Do.Work(ctx);
                using (var child = ctx.WithTimeout(TimeSpan.FromSeconds(1)))
                {
                    await Do.Work(child);
                }

                {
                    using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                    await Do.Work(child);
                }

                await Do.Work(ctx);
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_in_catch_and_finally() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                try
                {
                    await Do.Work(child);
                }
                catch (DeadlineExceededException)
                {
                    await Do.Work(ctx);
                }
                finally
                {
                    await Do.Work(ctx);
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_deriving_more() => Verify.Silent("""
        class Handler
        {
            private static readonly ContextKey<int> s_key = new("number");

            public async Task Handle(Context ctx, CancellationToken stop)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                using var sibling = ctx.WithTimeout(TimeSpan.FromSeconds(2));
                var detached = ctx.WithoutCancel();
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(ctx, stop);
                var valued = ctx.WithValue(s_key, 1);
                await Do.Work(child);
                await Do.Work(sibling);
                await Do.Work(detached);
                await Do.Fetch("a", linked.Token);
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_questions() => Verify.Silent("""
        class Handler
        {
            public async Task<TimeSpan> Handle(Context ctx)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work(child);
                ctx.ThrowIfDone();
                return ctx.IsDone ? TimeSpan.Zero : ctx.Remaining;
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_children_with_values_only() => Verify.Silent("""
        class Handler
        {
            private static readonly ContextKey<int> s_key = new("number");

            public async Task Handle(Context ctx)
            {
                var valued = ctx.WithValue(s_key, 1);
                await Do.Work(ctx);
                await Do.Work(valued);
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_where_both_are_given_or_the_child_was_asked() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work(ctx, child);
                if (child.IsDone)
                {
                    await Do.Work(ctx);
                }

                await (child.IsDone ? Do.Work(ctx) : Do.Work(child));
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_once_the_child_was_ended() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work(child);
                child.Dispose();
                await Do.Work(ctx);
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_where_the_child_is_for_work_beside() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                using var beating = ctx.WithCancel();
                var heart = Do.Work(beating);
                await Do.Work(ctx);
                beating.Cancel();
                await heart;
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_a_context_that_is_no_parent() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, HttpContext http)
            {
                var detached = ctx.WithoutCancel();
                using var late = detached.WithTimeout(TimeSpan.FromSeconds(1));
                await Do.Work(ctx);
                await using var group = ctx.{|BTN109:Group|}();
                group.Go(_ => Do.Work(detached.WithoutCancel()));
                group.Go(_ => Do.Fetch("a", late));
                await Do.Fetch("a", http.RequestAborted);
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_the_work_s_own_context() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                await using var group = ctx.{|BTN109:Group|}();
                group.Go(async ctx => await Do.Work(ctx));
                group.Go(async ctx =>
                {
                    using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                    await Do.Work(child);
                });
                await Do.Work(ctx);
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_a_child_that_is_returned_or_kept() => Verify.Silent("""
        class Handler
        {
            public CancelableContext Make(Context ctx)
            {
                var child = ctx.WithCancel();
                Do.Work(ctx);
                return child;
            }

            public Connection Dial(Context ctx)
            {
                using var dialing = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                dialing.ThrowIfDone();
                return new Connection(ctx);
            }
        }

        class Connection
        {
            public Connection(Context ctx) => ctx.ThrowIfDone();
        }
        """ + Work);

    [Fact]
    public Task Is_silent_in_what_runs_later() => Verify.Silent("""
        class Handler
        {
            public void Handle(Context ctx)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                using var registration = ctx.AfterFunc(() => Do.Work(ctx));
                Func<Task> later = () => Do.Work(ctx);
                child.ThrowIfDone();
                Console.WriteLine(later);
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_a_variable_that_is_set_to_the_nearer_one() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                using var child = ctx.WithCancel();
                ctx = child;
                await Task.Delay(1, ctx);
            }
        }
        """);

    [Fact]
    public Task Is_silent_in_a_local_function_that_has_its_own_or_is_called_before() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                await Early();
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await Own(child);
                await Static(child);
                Func<Task> given = Given;
                await given();
                async Task Early() => await Do.Work(ctx);
                async Task Own(Context ctx) => await Do.Work(ctx);
                static Task Static(Context ctx) => Do.Work(ctx);
                async Task Given() => await Do.Work(ctx);
            }
        }
        """ + NotNearestTests.Work);
}
