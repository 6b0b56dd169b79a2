namespace Baton.Analyzers.Tests.Flow;

public class PassItOnTests
{
    private const string Rule = "BTN101";

    [Fact]
    public Task Reports_an_optional_token_that_is_left_out() => Verify.Reports(Rule, """
        class Store
        {
            public Task SaveAsync(string name, CancellationToken token = default) => Task.CompletedTask;
        }

        class Handler
        {
            public Task Handle(Context ctx, Store store) => store.[|SaveAsync|]("a");
        }
        """);

    [Fact]
    public Task Reports_an_optional_context_that_is_left_out() => Verify.Reports(Rule, """
        class Store
        {
            public Task SaveAsync(string name, Context? ctx = null) => Task.CompletedTask;
        }

        class Handler
        {
            public async Task Handle(Context ctx, Store store)
            {
                await store.[|SaveAsync|]("a");
            }
        }
        """);

    [Fact]
    public Task Reports_a_call_with_an_overload_that_takes_a_context_first() => Verify.Reports(Rule, """
        class Store
        {
            public Task SaveAsync(string name) => Task.CompletedTask;
            public Task SaveAsync(Context ctx, string name) => Task.CompletedTask;
        }

        class Handler
        {
            public async Task Handle(Context ctx, Store store) => await store.[|SaveAsync|]("a");
        }
        """);

    [Fact]
    public Task Reports_calls_of_the_framework() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, HttpClient client, SemaphoreSlim gate, Stream stream, ChannelReader<int> reader)
            {
                await Task.[|Delay|](100);
                await client.[|GetStringAsync|]("http://localhost/");
                await gate.[|WaitAsync|]();
                await stream.[|FlushAsync|]();
                gate.[|Wait|]();
                await foreach (var item in reader.[|ReadAllAsync|]())
                {
                    Console.WriteLine(item);
                }
            }
        }
        """);

    [Fact]
    public Task Reports_an_overload_that_returns_a_value_task_where_the_call_is_awaited() =>
        Verify.Reports(Rule, """
        class Handler
        {
            public async Task<string?> Handle(Context ctx, TextReader reader) =>
                await reader.[|ReadLineAsync|]().ConfigureAwait(false);
        }
        """);

    [Fact]
    public Task Reports_a_blocking_wait_that_takes_a_token() => Verify.Reports(Rule, """
        class Handler
        {
            public void Handle(Context ctx, Task task, ManualResetEventSlim signal)
            {
                task.[|Wait|]();
                signal.[|Wait|]();
            }
        }
        """);

    [Fact]
    public Task Reports_a_call_whose_token_stands_amid_the_others() => Verify.Reports(Rule, """
        class Handler
        {
            public Task Handle(Context ctx, int[] items) =>
                Parallel.[|ForEachAsync|](items, (item, _) => ValueTask.CompletedTask);
        }
        """);

    [Fact]
    public Task Reports_a_call_of_loose_arguments() => Verify.Reports(Rule, """
        class Store
        {
            public Task FindAsync(params object[] keys) => Task.CompletedTask;
            public Task FindAsync(object[] keys, CancellationToken token) => Task.CompletedTask;
        }

        class Handler
        {
            public Task Handle(Context ctx, Store store) => store.[|FindAsync|](1, 2);
        }
        """);

    [Fact]
    public Task Reports_an_extension_method_that_takes_a_context() => Verify.Reports(Rule, """
        interface IStore
        {
            Task SaveAsync(string name);
        }

        static class StoreExtensions
        {
            public static Task SaveAsync(this IStore store, Context ctx, string name) => store.SaveAsync(name);
            public static Task LoadAsync(this IStore store) => Task.CompletedTask;
            public static Task LoadAsync(this IStore store, CancellationToken token) => Task.CompletedTask;
        }

        class Handler
        {
            public async Task Handle(Context ctx, IStore store)
            {
                await store.[|SaveAsync|]("a");
                await store.[|LoadAsync|]();
            }
        }
        """);

    [Fact]
    public Task Reports_a_generic_overload() => Verify.Reports(Rule, """
        class Bus
        {
            public Task<TAnswer> AskAsync<TQuestion, TAnswer>(List<TQuestion> question) => Task.FromResult(default(TAnswer)!);
            public Task<TAnswer> AskAsync<TQuestion, TAnswer>(List<TQuestion> question, CancellationToken token) => AskAsync<TQuestion, TAnswer>(question);
        }

        class Handler
        {
            public Task<int> Handle(Context ctx, Bus bus) => bus.[|AskAsync|]<string, int>([]);
        }
        """);

    [Fact]
    public Task Reports_an_overload_of_an_inherited_type_and_of_an_inherited_interface() =>
        Verify.Reports(Rule, """
        abstract class Base
        {
            public Task SaveAsync(Context ctx) => Task.CompletedTask;
        }

        class Store : Base
        {
            public Task SaveAsync() => Task.CompletedTask;
        }

        interface IReader
        {
            Task ReadAsync(CancellationToken token);
        }

        interface IQuickReader : IReader
        {
            Task ReadAsync();
        }

        class Handler
        {
            public async Task Handle(Context ctx, Store store, IQuickReader reader)
            {
                await store.[|SaveAsync|]();
                await reader.[|ReadAsync|]();
            }
        }
        """);

    [Fact]
    public Task Reports_where_the_context_is_a_local() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle()
            {
                using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(1));
                await Task.[|Delay|](100);
            }
        }
        """);

    [Fact]
    public Task Reports_a_delegate_with_a_token_that_may_be_left_out() => Verify.Reports(Rule, """
        delegate Task<T> RequestHandlerDelegate<T>(CancellationToken token = default);

        class Logging<T>
        {
            public async Task<T> Handle(Context ctx, RequestHandlerDelegate<T> next)
            {
                ctx.ThrowIfDone();
                return await [|next|]();
            }

            public Task<T> Twice(Context ctx, RequestHandlerDelegate<T> next) => next.[|Invoke|]();
        }
        """);

    [Fact]
    public Task Reports_the_context_that_was_declared_after_the_token() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(CancellationToken token)
            {
                using var ctx = Context.FromToken(token).WithTimeout(TimeSpan.FromSeconds(1));
                await Task.[|Delay|](1);
            }
        }
        """);

    [Fact]
    public Task Reports_beside_a_token_that_is_the_context_by_another_name() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                var token = ctx.Done;
                CancellationToken same = ctx;
                await Task.[|Delay|](1);
                await Task.Delay(same.CanBeCanceled ? 1 : 2, token);
            }
        }
        """);

    [Fact]
    public Task Reports_a_context_that_is_made_inside_a_factory_or_a_dropped_task() => Verify.Reports(Rule, """
        class Handler
        {
            public void Handle(ConcurrentDictionary<int, Task> tasks)
            {
                _ = Task.Run(async () =>
                {
                    using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(1));
                    await Task.[|Delay|](1);
                });
                tasks.GetOrAdd(1, async _ =>
                {
                    using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(1));
                    await Task.[|Delay|](1);
                });
            }
        }
        """);

    [Fact]
    public Task Reports_a_local_function_that_is_called_without() => Verify.Reports(Rule, """
        class Handler
        {
            public Task Handle(Context ctx)
            {
                return [|Work|](1);
                static Task Work(int x, CancellationToken token = default) => Task.CompletedTask;
            }
        }
        """);

    [Fact]
    public Task Reports_with_a_token_beside_the_context_which_silences_CA2016() =>
        Verify.Reports("BTN101", """
        class Handler
        {
            public async Task First(Context ctx, CancellationToken token, TextReader reader) =>
                await reader.[|ReadLineAsync|]();

            public async Task Second(Context ctx, CancellationToken token)
            {
                Func<Task> work = async () => await Task.[|Delay|](1);
                await work();
                Task.[|WaitAll|](Task.CompletedTask);
            }

            public async Task Third(Context ctx, CancellationToken token, CancellationToken other) =>
                await Task.[|Delay|](1);

            public async Task Fourth(Context ctx, CancellationToken token)
            {
                ctx.ThrowIfDone();
                await Task.[|Delay|](1);
                await Local();
                async Task Local() => await Task.[|Delay|](1);
            }
        }
        """);

    [Fact]
    public Task Reports_in_a_catch_of_something_else() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx, HttpClient client)
            {
                try
                {
                    await client.GetAsync("http://localhost/a", ctx);
                }
                catch (HttpRequestException)
                {
                    await client.[|GetAsync|]("http://localhost/b");
                }
            }
        }
        """);
}
