namespace Baton.Analyzers.Tests.Flow;

public class NullTests
{
    private const string Rule = "BTN107";

    private const string Do = """

        static class Do
        {
            public static Task Work(Context ctx, string name = "") => Task.CompletedTask;
            public static Task Maybe(Context? ctx, string name = "") => Task.CompletedTask;
        }
        """;

    [Fact]
    public Task Reports_a_null_and_a_default() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle()
            {
                await Do.Work([|null!|]);
                await Do.Work([|default!|], "a");
                await Do.Work(name: "a", ctx: [|null!|]);
                await Do.Work([|default(Context)!|]);
                await Do.Work([|(Context)null!|]);
            }
        }
        """ + Do);

    [Fact]
    public Task Reports_a_bare_null() => Verify.Reports(Rule, """
        #nullable disable
        class Handler
        {
            public Task Handle() => Do.Work([|null|]);
        }
        #nullable enable
        """ + Do);

    [Fact]
    public Task Reports_a_branch() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context? ctx, bool quick)
            {
                await Do.Work(quick ? ctx! : [|null!|]);
                await Do.Work(ctx ?? [|null!|]);
                await Do.Work(quick switch { true => ctx!, false => [|null!|] });
                await Do.Work((quick ? [|null|] : ctx)!);
            }
        }
        """ + Do);

    [Fact]
    public Task Reports_the_default_of_a_parameter() => Verify.Reports(Rule, """
        class Handler
        {
            public Task Handle(Context ctx = [|null!|]) => Task.CompletedTask;
            public Task Handle(int number, Context ctx = [|default!|]) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Reports_constructors_delegates_and_indexers() => Verify.Reports(Rule, """
        class Job
        {
            public Job(Context ctx) => ctx.ThrowIfDone();
            public Job() : this([|null!|]) { }
            public int this[Context ctx] => 1;
        }

        class Handler
        {
            public void Handle(Work work, Func<Context, Task> other)
            {
                work([|null!|]);
                other([|null!|]);
                work.Invoke([|null!|]);
                Job job = new([|null!|]);
                Console.WriteLine(job[[|null!|]]);
            }
        }

        class Derived() : Job([|null!|]);

        delegate void Work(Context ctx);
        """);

    [Fact]
    public Task Reports_extension_methods_members_and_local_functions() => Verify.Reports(Rule, """
        static class Extensions
        {
            public static void Save(this Stream stream, Context ctx) { }

            extension(Stream stream)
            {
                public void Load(Context ctx) { }
            }
        }

        class Handler
        {
            public void Handle(Stream? stream)
            {
                stream?.Save([|null!|]);
                stream!.Load([|null!|]);
                Local([|null!|]);
                static void Local(Context ctx) { }
            }
        }
        """);

    [Fact]
    public Task Reports_in_lambdas_and_in_top_level_statements() => Verify.Reports(Rule, """
        await Do.Work([|null!|]);
        Func<Task> work = () => Do.Work([|null!|]);
        await work();
        """ + Do);

    [Fact]
    public Task Reports_generic_methods() => Verify.Reports(Rule, """
        class Handler
        {
            public void Handle() => Save([|null!|], 1);
            private static void Save<T>(Context ctx, T item) { }
        }
        """);

    [Fact]
    public Task Reports_an_async_stream_and_a_collection_expression_of_calls() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle()
            {
                await foreach (var number in Numbers([|null!|]))
                {
                    Console.WriteLine(number);
                }

                Task[] all = [Do.Work([|null!|])];
                await Task.WhenAll(all);
            }

            private static async IAsyncEnumerable<int> Numbers(Context ctx)
            {
                await Do.Work(ctx);
                yield return 1;
            }
        }
        """ + Do);

    [Fact]
    public Task Reports_a_record_that_is_given_null() => Verify.Reports(Rule, """
        [ContextCarrier]
        record Call(Context Context, string Name);

        class Handler
        {
            public Call Handle() => new([|null!|], "a");
        }
        """);

    [Fact]
    public Task Is_silent_on_nullable_parameters() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context? ctx = null)
            {
                await Do.Maybe(null);
                await Do.Maybe(default, "a");
                await Do.Maybe(ctx ?? null);
            }
        }
        """ + Do);

    [Fact]
    public Task Is_silent_on_contexts() => Verify.Silent("""
        class Handler
        {
            public Task Handle() => Do.Work(Context.Todo);

            public async Task Handle(Context? ctx, bool quick)
            {
                await Do.Work(ctx!);
                await Do.Work(ctx ?? Context.Todo);
                await Do.Work(quick ? ctx! : ctx!.WithoutCancel());
            }
        }
        """ + Do);

    [Fact]
    public Task Is_silent_on_other_parameters() => Verify.Silent("""
        class Handler
        {
            public void Handle(string? name = null) => Console.WriteLine(name ?? null);
            public void Call() => Handle(null);
            public void Token(CancellationToken token = default) => Token(default);
            public void Any(object? value = null) => Any(null);
        }
        """);

    [Fact]
    public Task Is_silent_on_type_parameters_that_are_contexts() => Verify.Silent("""
        class Handler
        {
            public void Handle()
            {
                var all = new List<Context?>();
                all.Add(null);
                Console.WriteLine(Task.FromResult<Context?>(null));
                Same<Context>(null!, Context.Todo);
            }

            private static void Same<T>(T one, T other) { }
        }
        """);

    [Fact]
    public Task Is_silent_where_the_exception_is_what_is_tested() => Verify.Silent("""
        static class Assert
        {
            public static void Throws<T>(Action act) { }
        }

        class Tests
        {
            public void Null_is_refused() => Assert.Throws<ArgumentNullException>(() => Do.Work(null!));
        }
        """ + Do);

    [Fact]
    public Task Is_silent_on_variables_and_comparisons() => Verify.Silent("""
        class Handler
        {
            public void Handle(Context? ctx)
            {
                Context? found = null;
                found ??= ctx;
                Console.WriteLine(found == null || ctx is null || Equals(ctx, null));
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_out_parameters() => Verify.Silent("""
        class Handler
        {
            public static bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Context? ctx)
            {
                ctx = null;
                return false;
            }

            public bool Handle() => TryGet("a", out _);
        }
        """);

    [Fact]
    public Task Is_silent_where_null_is_an_argument_of_an_argument() => Verify.Silent("""
        class Handler
        {
            public Task Handle() => Do.Work(Make(null));
            private static Context Make(string? name) => Context.Todo;
        }
        """ + Do);

    [Fact]
    public Task Is_silent_on_a_lambda_that_gives_null() => Verify.Silent("""
        class Handler
        {
            public Task Handle() => Do.Work(Make(() => null));
            private static Context Make(Func<Context?> make) => make() ?? Context.Todo;
        }
        """ + Do);

    [Fact]
    public Task Is_silent_on_parameters_of_old_code_with_a_default() => Verify.Silent("""
        #nullable disable
        class Handler
        {
            public Task Handle(Context ctx = null) => Task.CompletedTask;
        }
        #nullable enable
        """);
}
