namespace Baton.Analyzers.Tests.Flow;

public class StartsOverTests
{
    private const string Rule = "BTN102";

    internal const string Store = """

        class Store
        {
            public Task SaveAsync(Context ctx, string name) => Task.CompletedTask;
            public Task LoadAsync(string name, CancellationToken token = default) => Task.CompletedTask;
        }
        """;

    [Fact]
    public Task Reports_a_root_that_is_passed() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, Store store)
            {
                await store.SaveAsync([|Context.Background|], "a");
                await store.SaveAsync([|Context.Todo|], "a");
            }
        }
        """ + Store);

    [Fact]
    public Task Reports_a_call_that_stands_for_something_else_than_a_context() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, Store store, Task? loaded)
            {
                await (loaded ?? store.SaveAsync([|Context.Background|], "a"));
                loaded ??= store.LoadAsync("a", [|CancellationToken.None|]);
                await loaded;
            }
        }
        """ + Store);

    [Fact]
    public Task Reports_a_root_that_is_derived_from() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, Store store)
            {
                using var child = [|Context.Background|].WithTimeout(TimeSpan.FromSeconds(1));
                await store.SaveAsync(child, "a");
            }
        }
        """ + Store);

    [Fact]
    public Task Reports_a_token_of_nothing() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, Store store)
            {
                await store.LoadAsync("a", [|CancellationToken.None|]);
                await store.LoadAsync("a", [|default|]);
                await store.LoadAsync("a", token: [|default(CancellationToken)|]);
                await store.LoadAsync("a", [|new CancellationToken()|]);
                CancellationToken never = [|default|];
                await store.LoadAsync("a", never);
            }
        }
        """ + Store);

    [Fact]
    public Task Reports_an_unlinked_source() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, Store store)
            {
                using var source = [|new CancellationTokenSource(TimeSpan.FromSeconds(1))|];
                using CancellationTokenSource other = [|new()|];
                await store.LoadAsync("a", source.Token);
                await store.LoadAsync("a", other.Token);
            }
        }
        """ + Store);

    [Fact]
    public Task Reports_in_a_lambda_that_can_capture() => Verify.Reports(Rule, """
        class Handler
        {
            public IEnumerable<Task> Handle(Context ctx, Store store, string[] names) =>
                names.Select(name => store.SaveAsync([|Context.Background|], name));
        }
        """ + Store);

    [Fact]
    public Task Reports_in_a_lambda_mapped_to_a_route() => Verify.Reports(Rule, """
        var app = WebApplication.Create(args);
        app.UseBaton();
        app.MapGet("/", async (Context ctx, Store store) => await store.SaveAsync([|Context.Background|], "a"));
        app.Run();
        """ + Store);

    [Fact]
    public Task Reports_where_the_context_is_a_local() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Store store)
            {
                using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(1));
                await store.SaveAsync([|Context.Background|], "a");
            }
        }
        """ + Store);

    [Fact]
    public Task Reports_where_the_request_has_it() => Verify.Reports(Rule, """
        class Middleware(RequestDelegate next, Store store)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                await store.SaveAsync([|Context.Background|], "a");
                using var child = [|Context.Todo|].WithTimeout(TimeSpan.FromSeconds(1));
                await store.SaveAsync(child, "a");
                await next(http);
            }
        }
        """ + Store);

    [Fact]
    public Task Reports_in_a_local_function_a_property_of_the_whole_and_an_expression_body() =>
        Verify.Reports(Rule, """
        class Handler
        {
            public Task Handle(Context ctx, Store store)
            {
                return Save();
                Task Save() => store.SaveAsync([|Context.Background|], "a");
            }
        }

        static class Extensions
        {
            extension(Store store)
            {
                public Task SaveTwice(Context ctx) => store.SaveAsync([|Context.Todo|], "a");
            }
        }

        partial class Partial
        {
            public partial Task Handle(Context ctx, Store store);
        }

        partial class Partial
        {
            public partial Task Handle(Context ctx, Store store) => store.SaveAsync([|Context.Background|], "a");
        }
        """ + Store);

    [Fact]
    public Task Reports_in_a_work_of_a_group() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, Store store)
            {
                await using var group = ctx.{|BTN109:Group|}();
                group.Go(async _ => await store.SaveAsync([|Context.Background|], "a"));
            }
        }
        """ + Store);

    [Fact]
    public Task Reports_a_branch_and_a_pattern() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, Store store, bool quick, int kind)
            {
                await store.SaveAsync(quick ? ctx : [|Context.Background|], "a");
                await store.SaveAsync(kind switch { 1 => ctx, _ => [|Context.Background|] }, "a");
            }
        }
        """ + Store);
}
