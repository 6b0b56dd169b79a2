namespace Baton.Analyzers.Tests.Flow;

public class NotFirstFixTests
{
    private const string Rule = "BTN104";

    [Fact]
    public Task It_is_moved_and_so_are_the_arguments() => VerifyFix.Turns(Rule, """
        class Store
        {
            public Task SaveAsync(string name, int count, Context ctx) => Task.CompletedTask;

            public async Task Handle(Context ctx)
            {
                await SaveAsync("a", 1, ctx);
                await this.SaveAsync(count: 1, name: "a", ctx: ctx);
                await SaveAsync(
                    "a",
                    1,
                    ctx); // why
                await SaveAsync(nameof(SaveAsync), SaveAsync("b", 2, ctx).Id, ctx);
            }
        }
        """, """
        class Store
        {
            public Task SaveAsync(Context ctx, string name, int count) => Task.CompletedTask;

            public async Task Handle(Context ctx)
            {
                await SaveAsync(ctx, "a", 1);
                await this.SaveAsync(ctx: ctx, count: 1, name: "a");
                await SaveAsync(
                    ctx,
                    "a",
                    1); // why
                await SaveAsync(ctx, nameof(SaveAsync), SaveAsync(ctx, "b", 2).Id);
            }
        }
        """);

    [Fact]
    public Task It_is_renamed_and_so_are_its_uses() => VerifyFix.Turns(Rule, """
        class Store
        {
            public async Task SaveAsync(Context context, string name)
            {
                context.ThrowIfDone();
                await context.Delay(TimeSpan.FromSeconds(1));
            }

            public Task Handle(Context ctx) => SaveAsync(context: ctx, "a");
        }
        """, """
        class Store
        {
            public async Task SaveAsync(Context ctx, string name)
            {
                ctx.ThrowIfDone();
                await ctx.Delay(TimeSpan.FromSeconds(1));
            }

            public Task Handle(Context ctx) => SaveAsync(ctx: ctx, "a");
        }
        """);

    [Fact]
    public Task It_is_moved_and_renamed_at_once() => VerifyFix.Turns(Rule, """
        class Store
        {
            public Task SaveAsync(string name, Context c) => Task.Delay(name.Length, c);
            public Task Handle(Context ctx) => SaveAsync("a", ctx);
        }
        """, """
        class Store
        {
            public Task SaveAsync(Context ctx, string name) => Task.Delay(name.Length, ctx);
            public Task Handle(Context ctx) => SaveAsync(ctx, "a");
        }
        """);

    [Fact]
    public Task Overrides_implementations_and_the_other_half_go_along() => VerifyFix.Turns(Rule, """
        interface IStore
        {
            Task SaveAsync(string name, Context ctx);
        }

        abstract class Base : IStore
        {
            public Task SaveAsync(string name, Context ctx) => LoadAsync(name, ctx);
            public abstract Task LoadAsync(string name, Context ctx);
        }

        partial class Store : Base
        {
            public override Task LoadAsync(string name, Context ctx) => Half(name, ctx);
            private partial Task Half(string name, Context ctx);
        }

        partial class Store
        {
            private partial Task Half(string name, Context ctx) => ((IStore)this).SaveAsync(name, ctx);
        }
        """, """
        interface IStore
        {
            Task SaveAsync(Context ctx, string name);
        }

        abstract class Base : IStore
        {
            public Task SaveAsync(Context ctx, string name) => LoadAsync(ctx, name);
            public abstract Task LoadAsync(Context ctx, string name);
        }

        partial class Store : Base
        {
            public override Task LoadAsync(Context ctx, string name) => Half(ctx, name);
            private partial Task Half(Context ctx, string name);
        }

        partial class Store
        {
            private partial Task Half(Context ctx, string name) => ((IStore)this).SaveAsync(ctx, name);
        }
        """);

    [Fact]
    public Task Constructors_extensions_local_functions_and_routes_too() => VerifyFix.Turns(Rule, """
        var app = WebApplication.Create(args);
        app.UseBaton();
        app.MapGet("/{id}", (string id, Context ctx) => new Job(id, ctx).Name);
        app.Run();

        class Job(string name, Context ctx)
        {
            public Job(Context ctx) : this("a", ctx) { }
            public string Name { get; } = ctx.IsDone ? "" : name;
        }

        class Special(Context ctx) : Job("special", ctx);

        static class Extensions
        {
            public static Task SaveAsync(this Stream stream, string name, Context ctx) => Task.CompletedTask;

            public static Task Handle(Context ctx, Stream stream)
            {
                return Task.WhenAll(stream.SaveAsync("a", ctx), SaveAsync(stream, "a", ctx), Local(1, ctx));
                static Task Local(int number, Context ctx) => Task.CompletedTask;
            }
        }
        """, """
        var app = WebApplication.Create(args);
        app.UseBaton();
        app.MapGet("/{id}", (Context ctx, string id) => new Job(ctx, id).Name);
        app.Run();

        class Job(Context ctx, string name)
        {
            public Job(Context ctx) : this(ctx, "a") { }
            public string Name { get; } = ctx.IsDone ? "" : name;
        }

        class Special(Context ctx) : Job(ctx, "special");

        static class Extensions
        {
            public static Task SaveAsync(this Stream stream, Context ctx, string name) => Task.CompletedTask;

            public static Task Handle(Context ctx, Stream stream)
            {
                return Task.WhenAll(stream.SaveAsync(ctx, "a"), SaveAsync(stream, ctx, "a"), Local(ctx, 1));
                static Task Local(Context ctx, int number) => Task.CompletedTask;
            }
        }
        """);

    [Fact]
    public Task A_delegate_stays_as_it_is() => VerifyFix.IsNotOffered(Rule, """
        delegate Task Work(string name, Context ctx);
        """);

    [Fact]
    public Task It_keeps_its_name_where_the_usual_one_is_taken() => VerifyFix.IsNotOffered(Rule, """
        class Store
        {
            public Task SaveAsync(Context context, string ctx) => Task.Delay(ctx.Length, context);
        }
        """);

    [Fact]
    public Task It_stays_where_an_overload_has_it_first() => VerifyFix.IsNotOffered(Rule, """
        class Store
        {
            public Task SaveAsync(Context ctx, string name, int number) => Task.Delay(number, ctx);
            public Task SaveAsync(string name, Context ctx, int number) => SaveAsync(ctx, name, number);
        }
        """);

    [Fact]
    public Task It_stays_where_two_overloads_would_become_the_same() => VerifyFix.IsNotOffered(Rule, """
        class Store
        {
            public Store(string name, Context ctx) => ctx.ThrowIfDone();
            public Task SaveAsync(string name, int number, Context ctx) => Task.Delay(number, ctx);
            public Task SaveAsync(string name, Context ctx, int number) => Task.Delay(number, ctx);
            public Store(Context ctx, string name) => ctx.ThrowIfDone();
        }
        """);

    [Fact]
    public Task An_overload_with_other_parameters_is_no_hindrance() => VerifyFix.Turns(Rule, """
        class Store
        {
            public Task SaveAsync(Context ctx, string name, string number) => Task.Delay(number.Length, ctx);
            public Task SaveAsync(string name, int number, Context ctx) => Task.Delay(number, ctx);
        }
        """, """
        class Store
        {
            public Task SaveAsync(Context ctx, string name, string number) => Task.Delay(number.Length, ctx);
            public Task SaveAsync(Context ctx, string name, int number) => Task.Delay(number, ctx);
        }
        """);

    [Fact]
    public Task Two_stay_two() => VerifyFix.IsNotOffered(Rule, """
        class Store
        {
            public Task SaveAsync(Context ctx, Context other) => Task.Delay(1, ctx);
        }
        """);
}
