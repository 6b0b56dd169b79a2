namespace Baton.Analyzers.Tests.Flow;

public class NeverLooksSilenceTests
{
    private const string Work = """

        static class Do
        {
            public static Task Work() => Task.CompletedTask;
            public static Task Work(Context ctx, int number) => Task.CompletedTask;
            public static bool Step() => true;
        }
        """;

    [Fact]
    public Task Is_silent_on_a_loop_that_asks() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                while (!ctx.IsDone)
                {
                    await Do.Work();
                }

                while (true)
                {
                    ctx.ThrowIfDone();
                    await Do.Work();
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_where_an_inner_call_takes_the_context() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                while (true)
                {
                    await Do.Work();
                    await Do.Work(ctx, 1);
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_its_token_and_on_what_was_derived() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                var token = ctx.Done;
                while (true)
                {
                    token.ThrowIfCancellationRequested();
                    await Do.Work();
                }
            }

            public async Task Each(Context ctx)
            {
                using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                while (true)
                {
                    await Do.Work(child, 1);
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_Select_with_Done() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, ChannelReader<int> reader)
            {
                while (true)
                {
                    if (await Select.Receive(reader, out var number).Done(ctx) == 1)
                    {
                        return;
                    }

                    Console.WriteLine(number.Item);
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_bounded_loops() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, int[] items, Queue<int> queue)
            {
                for (var i = 0; i < 10; i++)
                {
                    await Do.Work();
                }

                foreach (var item in items)
                {
                    await Do.Work();
                }

                while (queue.Count > 0)
                {
                    queue.Dequeue();
                    await Do.Work();
                }

                ctx.ThrowIfDone();
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_compare_and_swap() => Verify.Silent("""
        class Counter
        {
            private int _count;

            public int Add(Context ctx)
            {
                ctx.ThrowIfDone();
                while (true)
                {
                    var count = Volatile.Read(ref _count);
                    if (Interlocked.CompareExchange(ref _count, count + 1, count) == count)
                    {
                        return count;
                    }
                }
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_steps_in_memory() => Verify.Silent("""
        class Handler
        {
            public void Handle(Context ctx, ConcurrentQueue<int> queue, string text)
            {
                ctx.ThrowIfDone();
                while (true)
                {
                    if (!queue.TryDequeue(out var item))
                    {
                        break;
                    }
                }

                while (true)
                {
                    if (!Do.Step())
                    {
                        break;
                    }
                }

                var at = 0;
                while (true)
                {
                    at = text.IndexOf('x', at) + 1;
                    if (at == 0)
                    {
                        break;
                    }
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_without_a_context_in_scope() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Task<int> task)
            {
                while (true)
                {
                    await Do.Work();
                    Thread.Sleep(1);
                    Console.WriteLine(task.Result);
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_on_tasks_that_have_completed() => Verify.Silent("""
        class Handler
        {
            public async Task<int> Handle(Context ctx, Task<int> a, Task<int> b, Task<int>[] all, Task<int> c)
            {
                ctx.ThrowIfDone();
                await a;
                await Task.WhenAll(all).WaitAsync(ctx);
                var first = await Task.WhenAny(a, b);
                if (c.IsCompletedSuccessfully)
                {
                    Console.WriteLine(c.Result);
                }

                foreach (var one in all)
                {
                    Console.WriteLine(one.Result);
                }

                Console.WriteLine((await Task.WhenAny(all)).Result);
                return a.Result + first.Result + all[0].Result + all.Sum(task => task.Result) + Task.FromResult(1).Result;
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_a_poll() => Verify.Silent("""
        class Handler
        {
            public bool Handle(Context ctx, WaitHandle handle, Thread thread)
            {
                ctx.ThrowIfDone();
                Thread.Sleep(0);
                return handle.WaitOne(0) || handle.WaitOne(TimeSpan.Zero) || thread.Join(0);
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_a_wait_for_the_context_as_well() => Verify.Silent("""
        class Handler
        {
            public void Handle(Context ctx, WaitHandle handle)
            {
                WaitHandle.WaitAny([handle, ctx.Done.WaitHandle]);
                ctx.Done.WaitHandle.WaitOne(100);
            }
        }
        """);

    [Fact]
    public Task Is_silent_in_cleanup() => Verify.Silent("""
        class Handler
        {
            public void Handle(Context ctx, Thread thread)
            {
                try
                {
                    ctx.ThrowIfDone();
                }
                finally
                {
                    thread.Join();
                }
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_an_iterator_that_its_caller_ends() => Verify.Silent("""
        class Handler
        {
            public IEnumerable<bool> Handle(Context ctx)
            {
                while (true)
                {
                    yield return Do.Step();
                }
            }
        }
        """ + Work);

    [Fact]
    public Task Is_silent_in_static_functions() => Verify.Silent("""
        class Handler
        {
            public void Handle(Context ctx)
            {
                using var registration = ctx.AfterFunc(static () => Thread.Sleep(1));
                Wait();
                static void Wait() => Thread.Sleep(1);
            }
        }
        """);

    [Fact]
    public Task Is_silent_where_only_the_request_has_a_context() => Verify.Silent("""
        class Orders : ControllerBase
        {
            public int Get(Task<int> task) => task.Result;
        }

        class Chat : Hub
        {
            public int Say(Task<int> task) => task.Result;
        }

        class Middleware(RequestDelegate next)
        {
            public Task InvokeAsync(HttpContext http)
            {
                Thread.Sleep(1);
                return next(http);
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_a_task_that_was_asked_by_way_of_a_local() => Verify.Silent("""
        class Handler
        {
            public int Awaiter(Context ctx, Task<int> task)
            {
                ctx.ThrowIfDone();
                var awaiter = task.GetAwaiter();
                return awaiter.IsCompleted ? awaiter.GetResult() : 0;
            }

            public int Mixed(Context ctx, Task<int> task)
            {
                ctx.ThrowIfDone();
                var awaiter = task.ConfigureAwait(false).GetAwaiter();
                return awaiter.IsCompleted ? task.Result : 0;
            }

            public int Alias(Context ctx, ValueTask<int> task)
            {
                ctx.ThrowIfDone();
                var same = task;
                var isDone = same.IsCompletedSuccessfully;
                return isDone ? task.Result : 0;
            }

            public int Made(Context ctx, Func<Task<int>> make)
            {
                ctx.ThrowIfDone();
                var made = make();
                var done = made.IsCompleted;
                if (!done)
                {
                    return 0;
                }

                return made.GetAwaiter().GetResult();
            }
        }
        """);
}
