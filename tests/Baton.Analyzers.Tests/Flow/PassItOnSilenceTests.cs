namespace Baton.Analyzers.Tests.Flow;

public class PassItOnSilenceTests
{
    [Fact]
    public Task Is_silent_where_it_is_given() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, HttpClient client, ChannelReader<int> reader)
            {
                await client.GetStringAsync("http://localhost/", ctx);
                await Task.Delay(1, cancellationToken: ctx);
                await client.GetStringAsync("http://localhost/", ctx.Done);
                await foreach (var item in reader.ReadAllAsync(ctx))
                {
                    Console.WriteLine(item);
                }
            }
        }
        """);

    [Fact]
    public Task Is_silent_without_a_context_in_scope() => Verify.Silent("""
        class Handler
        {
            private readonly HttpClient _client = new();

            public async Task Handle(string url)
            {
                await _client.GetStringAsync(url);
                await Task.Delay(1);
            }
        }
        """);

    [Fact]
    public Task Is_silent_before_the_context_is_there() => Verify.Silent("""
        class Handler
        {
            public async Task Handle()
            {
                await Task.Delay(1);
                {
                    using var ctx = Context.Background.WithCancel();
                    ctx.ThrowIfDone();
                }

                await Task.Delay(1);
            }
        }
        """);

    [Fact]
    public Task Is_silent_where_there_is_no_such_overload() => Verify.Silent("""
        class Store
        {
            public Task SaveAsync(string name) => Task.CompletedTask;
            public Task<int> SaveAsync(string name, CancellationToken token) => Task.FromResult(1);
            public Task SaveAsync(Context ctx, int name) => Task.CompletedTask;
            public Task SaveAsync(string name, bool now, CancellationToken token) => Task.CompletedTask;
            private Task SaveAsync(Context ctx, string name) => Task.CompletedTask;
        }

        class Handler
        {
            public Task Handle(Context ctx, Store store) => store.SaveAsync("a");
        }
        """);

    [Fact]
    public Task Is_silent_on_a_value_task_that_is_kept() => Verify.Silent("""
        class Handler
        {
            public Task<string?> Handle(Context ctx, TextReader reader) => reader.ReadLineAsync();
        }
        """);

    [Fact]
    public Task Is_silent_in_cleanup() => Verify.Silent("""
        class Connection : IAsyncDisposable
        {
            private readonly Stream _stream = Stream.Null;

            public async ValueTask DisposeAsync()
            {
                using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(1));
                await _stream.FlushAsync();
            }

            public async Task Send(Context ctx)
            {
                try
                {
                    ctx.ThrowIfDone();
                }
                finally
                {
                    await _stream.FlushAsync();
                }
            }

            private async Task RollbackAsync(Context ctx, string name) => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Is_silent_on_calls_that_undo() => Verify.Silent("""
        interface ITransaction
        {
            Task CommitAsync(CancellationToken token = default);
            Task RollbackAsync(CancellationToken token = default);
            Task CompensateAsync(CancellationToken token = default);
        }

        class Handler
        {
            public async Task Handle(Context ctx, ITransaction transaction)
            {
                if (ctx.Remaining == TimeSpan.Zero)
                {
                    await transaction.RollbackAsync();
                    await transaction.CompensateAsync();
                    return;
                }

                await transaction.CommitAsync(ctx);
            }
        }
        """);

    [Fact]
    public Task Is_silent_in_a_catch_that_compensates() => Verify.Silent("""
        class Audit
        {
            public Task WriteAsync(string text, CancellationToken token = default) => Task.CompletedTask;
        }

        class Handler
        {
            public async Task Handle(Context ctx, Audit audit)
            {
                try
                {
                    await audit.WriteAsync("begin", ctx);
                }
                catch (IOException)
                {
                    await audit.WriteAsync("failed");
                    throw;
                }
                catch (OperationCanceledException)
                {
                    await audit.WriteAsync("canceled");
                }
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_what_is_done_because_the_context_is_done() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, HttpResponse response)
            {
                using var registration = ctx.AfterFunc(() => response.WriteAsync("late"));
                if (ctx.IsDone)
                {
                    await response.WriteAsync("late");
                }

                if (ctx.Err is not null)
                {
                    await response.WriteAsync("late");
                }
            }
        }
        """);

    [Fact]
    public Task Is_silent_in_static_functions_without_a_context_of_their_own() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                await Work();
                Func<Task> more = static () => Task.Delay(1);
                await more();
                ctx.ThrowIfDone();

                static Task Work() => Task.Delay(1);
            }
        }
        """);

    [Fact]
    public Task Is_silent_in_expression_trees() => Verify.Silent("""
        using System.Linq.Expressions;

        class Handler
        {
            public void Handle(Context ctx, IQueryable<string> rows)
            {
                Expression<Func<Task>> quoted = () => Task.Delay(1, default);
                Expression<Func<string, Task<bool>>> call = row => Check(row, true);
                ctx.ThrowIfDone();
                Console.WriteLine(rows.Where(row => Sync(row)).Count());
            }

            private static bool Sync(string row) => true;
            private static bool Sync(string row, CancellationToken token) => true;
            private static Task<bool> Check(string row, bool x) => Task.FromResult(true);
            private static Task<bool> Check(string row, bool x, CancellationToken token) => Task.FromResult(true);
        }
        """);

    [Fact]
    public Task Is_silent_on_what_only_schedules() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                await Task.Run(() => 1);
                await Task.Factory.StartNew(() => 1);
                await Task.CompletedTask.ContinueWith(_ => 1);
                new TaskCompletionSource().TrySetCanceled();
                ctx.ThrowIfDone();
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_the_methods_of_a_context() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                using var child = ctx.WithCancel();
                await using var group = child.Group();
                await group.WaitAsync();
            }
        }
        """);

    [Fact]
    public Task Is_silent_in_the_overload_that_takes_the_context_itself() => Verify.Silent("""
        class Store
        {
            public Task SaveAsync(string name) => Task.CompletedTask;
            public Task SaveAsync(Context ctx, string name) => ctx.WaitAsync(SaveAsync(name));
        }
        """);

    [Fact]
    public Task Is_silent_where_the_argument_brings_a_context_along() => Verify.Silent("""
        [ContextCarrier]
        sealed class Call
        {
            public Context? Context { get; set; }
        }

        class Handler
        {
            public async Task Handle(Context ctx, Call call, HttpContext http, IAsyncEnumerable<int> items)
            {
                await Send(call);
                await Send(http);
                await foreach (var item in Numbers().WithCancellation(ctx))
                {
                    Console.WriteLine(item);
                }
            }

            private static Task Send(Call call, CancellationToken token = default) => Task.CompletedTask;
            private static Task Send(HttpContext http, CancellationToken token = default) => Task.CompletedTask;
            private static async IAsyncEnumerable<int> Numbers(
                [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token = default)
            {
                await Task.Yield();
                yield return 1;
            }
        }
        """);

    [Fact]
    public Task Is_silent_where_only_a_token_is_in_scope_which_is_CA2016s() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(CancellationToken token) => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Is_silent_on_an_obsolete_overload() => Verify.Silent("""
        class Store
        {
            public Task SaveAsync() => Task.CompletedTask;
            [Obsolete] public Task SaveAsync(CancellationToken token) => Task.CompletedTask;
        }

        class Handler
        {
            public Task Handle(Context ctx, Store store) => store.SaveAsync();
        }
        """);

    [Fact]
    public Task Is_silent_where_a_token_is_nearer_than_the_context() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, int[] items)
            {
                await Parallel.ForEachAsync(items, ctx, async (item, token) => await Task.Delay(item));
                Func<CancellationToken, Task> work = async token => await Task.Delay(1);
                await work(ctx);
                await Local(ctx);
                async Task Local(CancellationToken token) => await Task.Delay(1);
            }

            public async Task Linked(Context ctx, CancellationToken stop)
            {
                using var both = CancellationTokenSource.CreateLinkedTokenSource(ctx, stop);
                var token = both.Token;
                await Task.Delay(1);
                await Task.Delay(1, token);
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_a_delegate_that_takes_no_token() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, Func<Task> next)
            {
                ctx.ThrowIfDone();
                await next();
            }
        }
        """);
}
