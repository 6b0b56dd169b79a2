namespace Baton.Analyzers.Tests.Flow;

public class StartsOverSilenceTests
{
    [Fact]
    public Task Is_silent_without_a_context_in_scope() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Store store)
            {
                await store.SaveAsync(Context.Background, "a");
                using var source = new CancellationTokenSource();
                await store.LoadAsync("a", source.Token);
                await store.LoadAsync("a", CancellationToken.None);
            }
        }
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_in_Main() => Verify.Silent("""
        static class Program
        {
            static async Task Main()
            {
                using var ctx = Context.Background.WithSignals();
                await new Store().SaveAsync(ctx, "a");
                await new Store().SaveAsync(Context.Background, "a");
            }
        }
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_in_top_level_statements() => Verify.Silent("""
        using var ctx = Context.Background.WithSignals();
        await new Store().SaveAsync(ctx, "a");
        await new Store().SaveAsync(Context.Background, "a");
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_in_a_composition_root() => Verify.Silent("""
        static class Composition
        {
            public static void AddStore(this IServiceCollection services, Context ctx)
            {
                ctx.ThrowIfDone();
                services.AddSingleton(_ => new Warmed(Context.Background));
            }

            public static void Compose(Context ctx)
            {
                ctx.ThrowIfDone();
                Func<IServiceProvider, Warmed> make = provider => new Warmed(Context.Background);
                Console.WriteLine(make);
            }
        }

        class Warmed
        {
            public Warmed(Context ctx) => ctx.ThrowIfDone();
        }
        """);

    [Fact]
    public Task Is_silent_in_tests() => Verify.Silent("""
        class FactAttribute : Attribute;

        class StoreTests
        {
            [Fact]
            public async Task Saves()
            {
                using var ctx = Context.Background.WithCancel();
                await new Store().SaveAsync(ctx, "a");
                await new Store().SaveAsync(Context.Background, "a");
            }

            private static Task Set(Context ctx) => new Store().LoadAsync("a", CancellationToken.None);
        }
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_at_the_root_of_a_hosted_service() => Verify.Silent("""
        class Worker(Store store) : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                using var ctx = Context.FromToken(stoppingToken).WithCancel();
                await store.SaveAsync(ctx, "a");
                await store.SaveAsync(Context.Background, "stopped");
            }
        }
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_where_it_stands_for_no_context() => Verify.Silent("""
        class Handler
        {
            private Task? _loaded;

            public async Task Handle(Store store, Context? ctx = null)
            {
                await store.SaveAsync(ctx ?? Context.Background, "a");
                await store.SaveAsync(ctx is null ? Context.Background : ctx, "a");
                await store.LoadAsync("a", ctx?.Done ?? CancellationToken.None);
                _loaded ??= store.LoadAsync("a", CancellationToken.None);
                ctx ??= Context.Background;
                if (ctx == Context.Background)
                {
                    Console.WriteLine("none");
                }
            }

            public Task Handle2(Store store, Context? ctx = null)
            {
                if (ctx is null)
                {
                    ctx = Context.Background;
                }

                return store.SaveAsync(ctx, "a");
            }
        }
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_on_a_source_that_is_merged() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, Store store)
            {
                using var stop = new CancellationTokenSource();
                using var both = ctx.WithCancel(stop.Token);
                await store.SaveAsync(both, "a");
            }

            public async Task Handle2(Context ctx, Store store)
            {
                using var stop = new CancellationTokenSource();
                using var both = CancellationTokenSource.CreateLinkedTokenSource(ctx, stop.Token);
                await store.LoadAsync("a", both.Token);
            }
        }
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_on_a_source_with_a_lifetime_of_its_own() => Verify.Silent("""
        class Handler
        {
            private CancellationTokenSource _source = new();

            public void Start(Context ctx)
            {
                ctx.ThrowIfDone();
                _source = new CancellationTokenSource();
            }

            public CancellationTokenSource Make(Context ctx) => new();

            public void Hand(Context ctx)
            {
                ctx.ThrowIfDone();
                var source = new CancellationTokenSource();
                Keep(source);
            }

            private static void Keep(CancellationTokenSource source) => source.Cancel();
        }
        """);

    [Fact]
    public Task Is_silent_in_cleanup() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, Store store)
            {
                try
                {
                    await store.SaveAsync(ctx, "a");
                }
                catch (Exception)
                {
                    await store.LoadAsync("a", CancellationToken.None);
                    throw;
                }
                finally
                {
                    await store.LoadAsync("a", CancellationToken.None);
                    await store.SaveAsync(Context.Background, "a");
                }
            }

            public async Task Undo(Context ctx, Store store) => await store.SaveAsync(Context.Background, "a");
        }
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_on_calls_that_undo() => Verify.Silent("""
        interface ITransaction
        {
            Task RollbackAsync(CancellationToken token);
        }

        class Handler
        {
            public async Task Handle(Context ctx, ITransaction transaction)
            {
                ctx.ThrowIfDone();
                await transaction.RollbackAsync(CancellationToken.None);
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_work_that_is_said_to_go_on() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, Store store)
            {
                await store.SaveAsync(ctx.WithoutCancel(), "a");
                await store.SaveAsync(Context.Background.WithoutCancel(), "a");
                await Task.Factory.StartNew(() => { }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
        }
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_on_several_roots_made_side_by_side() => Verify.Silent("""
        class Poller
        {
            public async Task Poll(Store store)
            {
                using (var first = Context.Background.WithTimeout(TimeSpan.FromSeconds(1)))
                {
                    await store.SaveAsync(first, "a");
                }

                using var second = Context.Background.WithTimeout(TimeSpan.FromSeconds(1));
                using var third = Context.Background.WithTimeout(TimeSpan.FromSeconds(1));
                await store.SaveAsync(third, "a");
            }
        }
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_in_static_functions_and_event_handlers() => Verify.Silent("""
        class Handler
        {
            public void Handle(Context ctx, Store store)
            {
                Func<Store, Task> save = static it => it.SaveAsync(Context.Background, "a");
                Console.CancelKeyPress += (_, _) => store.SaveAsync(Context.Background, "a");
                save(store).Wait(ctx);
                static Task Save(Store it) => it.SaveAsync(Context.Background, "a");
                Console.WriteLine(Save(store));
            }
        }
        """ + StartsOverTests.Store);

    [Fact]
    public Task Is_silent_on_defaults_of_parameters_and_variables() => Verify.Silent("""
        class Handler
        {
            public void Handle(Context ctx)
            {
                CancellationToken token = default;
                CancellationToken first = default;
                CancellationToken second = default;
                if (ctx.Remaining > TimeSpan.Zero)
                {
                    token = ctx;
                    Choose(out first);
                    (second, var n) = (ctx.Done, 1);
                }

                Console.WriteLine(token.CanBeCanceled || first.CanBeCanceled || second.CanBeCanceled);
                void Choose(out CancellationToken chosen) => chosen = ctx;
                void Inner(CancellationToken inner = default) => Console.WriteLine(inner);
                Inner(ctx);
            }
        }
        """);

    [Fact]
    public Task Is_silent_where_a_check_for_null_comes_before() => Verify.Silent("""
        static class Contexts
        {
            public static Context A(Context? ctx)
            {
                if (ctx == null)
                {
                    return Context.Background;
                }

                return ctx;
            }

            public static Context B(Context? ctx)
            {
                if (ctx is null)
                {
                    var root = Context.Background;
                    return root;
                }

                var either = ctx == null ? Context.Todo : ctx;
                return either;
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_a_token_of_nothing_where_only_the_request_has_a_context() => Verify.Silent("""
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                await File.WriteAllTextAsync("a", "b", CancellationToken.None);
                using var source = new CancellationTokenSource(1000);
                await File.WriteAllTextAsync("a", "b", source.Token);
                await next(http);
            }
        }
        """);

    [Fact]
    public Task Is_silent_where_the_callee_is_given_the_context_as_well() => Verify.Silent("""
        class Log
        {
            public Task WriteAsync(Context ctx, string text, CancellationToken flush) => Task.CompletedTask;
            public Task AuditAsync(HttpContext http, CancellationToken flush) => Task.CompletedTask;
        }

        class Handler
        {
            public async Task Handle(Context ctx, HttpContext http, Log log)
            {
                await log.WriteAsync(ctx, "a", CancellationToken.None);
                await log.AuditAsync(http, CancellationToken.None);
            }
        }
        """);

    [Theory]
    [InlineData("await pay.RefundAsync(CancellationToken.None);")]
    [InlineData("await pay.NotifyAsync(CancellationToken.None);")]
    [InlineData("await pay.SendReceiptMailAsync(CancellationToken.None);")]
    [InlineData("await pay.PublishAsync(CancellationToken.None);")]
    [InlineData("await pay.TryDeleteAsync(CancellationToken.None);")]
    public Task Is_silent_in_a_call_whose_name_says_that_it_has_to_be_done(string call) => Verify.Silent($$"""
        interface IPay
        {
            Task RefundAsync(CancellationToken token);
            Task NotifyAsync(CancellationToken token);
            Task SendReceiptMailAsync(CancellationToken token);
            Task PublishAsync(CancellationToken token);
            Task TryDeleteAsync(CancellationToken token);
        }

        class Handler
        {
            public async Task Handle(Context ctx, IPay pay)
            {
                ctx.ThrowIfDone();
                {{call}}
            }
        }
        """);
}
