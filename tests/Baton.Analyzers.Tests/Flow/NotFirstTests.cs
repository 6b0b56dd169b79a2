namespace Baton.Analyzers.Tests.Flow;

public class NotFirstTests
{
    private const string Rule = "BTN104";

    [Fact]
    public Task Reports_one_that_is_not_first() => Verify.Reports(Rule, """
        class Store
        {
            public Task SaveAsync(string name, Context [|ctx|]) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Reports_another_name() => Verify.Reports(Rule, """
        class Store
        {
            public Task SaveAsync(Context [|context|], string name) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Reports_the_second_of_two() => Verify.Reports(Rule, """
        class Store
        {
            public Task SaveAsync(Context ctx, Context [|other|]) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Reports_one_mistake_of_a_declaration_at_a_time() => Verify.Reports(Rule, """
        class Store
        {
            public Task SaveAsync(string name, Context [|c|]) => Task.CompletedTask;
            public Task LoadAsync(Context [|a|], Context b) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Reports_constructors_and_primary_constructors() => Verify.Reports(Rule, """
        class Job
        {
            public Job(string name, Context [|ctx|]) => ctx.ThrowIfDone();
        }

        class Other(Context [|context|])
        {
            public Other() : this(Context.Background) { }
        }

        struct Third(string name, Context [|ctx|])
        {
            public string Name { get; } = name;
        }
        """);

    [Fact]
    public Task Reports_delegates_interfaces_and_abstract_members() => Verify.Reports(Rule, """
        delegate Task Work(string name, Context [|ctx|]);

        interface IStore
        {
            Task SaveAsync(string name, Context [|ctx|]);
            static abstract Task LoadAsync(Context [|c|]);
        }

        abstract class Store
        {
            public abstract Task SaveAsync(string name, Context [|ctx|]);
        }
        """);

    [Fact]
    public Task Reports_local_functions_and_lambdas() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                await Work("a", ctx);
                await using var group = ctx.{|BTN109:Group|}();
                group.Go([|c|] => Work("a", c));
                var free = (string name, Context [|ctx|]) => Work(name, ctx);
                await free("a", ctx);

                static Task Work(string name, Context [|ctx|]) => Task.CompletedTask;
            }
        }
        """);

    [Fact]
    public Task Reports_a_lambda_mapped_to_a_route() => Verify.Reports(Rule, """
        var app = WebApplication.Create(args);
        app.UseBaton();
        app.MapGet("/{id}", (string id, Context [|ctx|]) => ctx.IsDone ? "" : id);
        app.Run();
        """);

    [Fact]
    public Task Reports_extension_methods_and_members() => Verify.Reports(Rule, """
        static class Extensions
        {
            public static Task SaveAsync(this Stream stream, string name, Context [|ctx|]) => Task.CompletedTask;

            extension(Stream stream)
            {
                public Task LoadAsync(string name, Context [|ctx|]) => Task.CompletedTask;
            }
        }
        """);

    [Fact]
    public Task Reports_a_partial_method_once() => Verify.Reports(Rule, """
        partial class Store
        {
            public partial Task SaveAsync(string name, Context [|ctx|]);
        }

        partial class Store
        {
            public partial Task SaveAsync(string name, Context ctx) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Reports_a_nullable_one_and_one_of_a_generic_method() => Verify.Reports(Rule, """
        class Store
        {
            public Task SaveAsync<T>(T item, Context? [|ctx|]) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Is_silent_on_the_usual_shape() => Verify.Silent("""
        class Store
        {
            public Store(Context ctx) => ctx.ThrowIfDone();
            public Task SaveAsync(Context ctx, string name) => Task.CompletedTask;
            public static Task LoadAsync(Context ctx, CancellationToken cancellationToken) => Task.CompletedTask;
        }

        delegate Task Work(Context ctx, string name);
        """);

    [Fact]
    public Task Is_silent_after_this() => Verify.Silent("""
        static class Extensions
        {
            public static Task SaveAsync(this Stream stream, Context ctx, string name) => Task.CompletedTask;
            public static Context With(this Context ctx, string name) => ctx;
        }
        """);

    [Fact]
    public Task Is_silent_on_an_optional_one() => Verify.Silent("""
        class Store
        {
            public Task SaveAsync(string name, Context? ctx = null) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Is_silent_on_overrides_and_implementations() => Verify.Silent("""
        abstract class Base
        {
        #pragma warning disable BTN104
            public abstract Task SaveAsync(string name, Context context);
        #pragma warning restore BTN104
        }

        class Derived : Base
        {
            public override Task SaveAsync(string name, Context context) => Task.CompletedTask;
        }

        interface IStore
        {
        #pragma warning disable BTN104
            Task LoadAsync(string name, Context context);
            Task DropAsync(string name, Context context);
        #pragma warning restore BTN104
        }

        class Store : IStore
        {
            public Task LoadAsync(string name, Context context) => Task.CompletedTask;
            Task IStore.DropAsync(string name, Context context) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Is_silent_on_contexts_that_the_caller_can_cancel() => Verify.Silent("""
        class Store
        {
            public void Stop(string name, CancelableContext context) => context.Cancel();
        }
        """);

    [Fact]
    public Task Is_silent_where_a_delegate_sets_the_place() => Verify.Silent("""
        class Handler
        {
            public static void Each(Func<int, Context, Task> work, Func<Context, Context, bool> compare) { }

            public void Handle()
            {
                Each((_, ctx) => Task.Delay(1, ctx), (a, b) => a == b);
                Each((number, ctx) => Task.Delay(number, ctx), static (a, b) => a == b);
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_a_method_that_is_given_away_as_a_delegate() => Verify.Silent("""
        class Handler
        {
            public static void Each(Func<int, Context, Task> work) { }
            private static Task Work(int number, Context ctx) => Task.Delay(number, ctx);
            private static Task Other(int number, Context _) => Task.CompletedTask;

            public void Handle()
            {
                Each(Work);
                Each(Handler.Other);
                Func<int, Context, Task> kept = Local;
                Each(kept);
                static Task Local(int number, Context ctx) => Task.Delay(number, ctx);
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_middleware() => Verify.Silent("""
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http, Context ctx)
            {
                ctx.ThrowIfDone();
                await next(http);
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_operators_and_out_parameters() => Verify.Silent("""
        class Tenant
        {
            public static Tenant operator +(Tenant tenant, Context context) => tenant;
            public static bool TryGet(string name, out Context context)
            {
                context = Context.Background;
                return true;
            }

            public static void Replace(string name, ref Context context) => context = context.WithoutCancel();
        }
        """);

    [Fact]
    public Task Is_silent_on_the_parent_of_what_is_derived() => Verify.Silent("""
        static class Tenancy
        {
            private static readonly ContextKey<string> s_tenant = new("tenant");

            public static Context WithTenant(Context parent, string tenant) => parent.WithValue(s_tenant, tenant);
            public static CancelableContext Hurry(Context parent) => parent.WithTimeout(TimeSpan.FromSeconds(1));
        }
        """);

    [Fact]
    public Task Is_silent_on_delegates_and_collections_of_contexts() => Verify.Silent("""
        class Handler
        {
            public void Handle(string name, Func<Context, Task> work) { }
            public void Handle(string name, IReadOnlyList<Context> contexts) { }
            public void Handle(string name, params Context[] contexts) { }
        }
        """);

    [Fact]
    public Task Is_silent_on_the_properties_of_a_record() => Verify.Silent("""
        [ContextCarrier]
        record Call(string Name, Context Context);
        """);
}
