namespace Baton.Analyzers.Tests.Lifetime;

public class OutlivesRequestTests
{
    private const string Rule = "BTN004";

    [Theory]
    [InlineData("Task.Run(() => WorkAsync([|ctx|]));")]
    [InlineData("_ = Task.Run(async () => { await Task.Yield(); await WorkAsync([|ctx|]); ctx.ThrowIfDone(); });")]
    [InlineData("_ = Task.Run(() => WorkAsync([|http.RequestContext|]));")]
    [InlineData("_ = Task.Factory.StartNew(() => WorkAsync([|ctx|]), ctx);")]
    [InlineData("var task = Task.Run(() => WorkAsync([|ctx|]));")]
    [InlineData("s_task = Task.Run(() => WorkAsync([|ctx|]));")]
    [InlineData("_ = Task.Run(() => WorkAsync([|ctx|])).ContinueWith(_ => { }, TaskScheduler.Default);")]
    [InlineData("Task.Run(() => WorkAsync([|ctx|])).Forget();")]
    [InlineData("new Thread(() => [|ctx|].ThrowIfDone()).Start();")]
    [InlineData("var thread = new Thread(() => [|ctx|].ThrowIfDone()); thread.IsBackground = true; thread.Start();")]
    [InlineData("new Thread(state => { }).Start([|ctx|]);")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => WorkAsync([|ctx|]));")]
    [InlineData("ThreadPool.QueueUserWorkItem(static ctx => { }, [|ctx|], preferLocal: false);")]
    [InlineData("s_timer = new Timer(_ => WorkAsync([|ctx|]), null, 1, 1);")]
    [InlineData("var timer = new Timer(_ => WorkAsync([|ctx|]), null, 1, 1);")]
    [InlineData("s_itimer = TimeProvider.System.CreateTimer(_ => WorkAsync([|ctx|]), null, TimeSpan.Zero, TimeSpan.Zero);")]
    [InlineData("_ = WorkAsync([|ctx|]);")]
    [InlineData("WorkAsync([|ctx|]).Forget();")]
    [InlineData("_ = WorkAsync([|ctx|].WithValue(s_key, 1));")]
    [InlineData("var named = ctx.WithValue(s_key, 1); _ = WorkAsync([|named|]);")]
    [InlineData("var token = ctx.Done; _ = Task.Run(() => Task.Delay(1, [|token|]));")]
    [InlineData("FireAsync([|ctx|]);")]
    [InlineData("_ = Task.WhenAll(WorkAsync([|ctx|]), Task.CompletedTask);")]
    [InlineData("_ = EnqueueAsync([|ctx|], 1);")]
    [InlineData("s_changed += (_, _) => WorkAsync([|ctx|]);")]
    [InlineData("await s_jobs.Writer.WriteAsync(new Job([|ctx|], 1));")]
    [InlineData("s_contexts.Writer.TryWrite([|ctx|]);")]
    [InlineData("s_queue.Enqueue(() => WorkAsync([|ctx|]));")]
    [InlineData("s_tuples.Enqueue(([|ctx|], 1));")]
    [InlineData("_ = Task.Run(LocalAsync); async Task LocalAsync() => await WorkAsync(ctx);", "LocalAsync)", "[|LocalAsync|])")]
    [InlineData("_ = LocalAsync(); async Task LocalAsync() => await WorkAsync(ctx);", "_ = LocalAsync", "_ = [|LocalAsync|]")]
    [InlineData("Func<Task> work = () => WorkAsync(ctx); _ = Task.Run(work);", "(work)", "([|work|])")]
    [InlineData("using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1)); _ = Task.Run(() => WorkAsync([|child|]));")]
    [InlineData("http.Response.OnCompleted(() => WorkAsync([|ctx|]));")]
    [InlineData("http.Response.OnStarting(async () => await WorkAsync([|http.RequestContext|]));")]
    [InlineData("http.Response.OnCompleted(state => WorkAsync([|ctx|]), http);")]
    public Task Reports_the_request_in_work_that_nobody_waits_for(
        string body, string? from = null, string? to = null) =>
        Verify.Reports(Rule, In(from is null ? body : body.Replace(from, to, StringComparison.Ordinal)));

    [Theory]
    [InlineData("await Task.Run(() => WorkAsync(ctx));")]
    [InlineData("await Task.Run(() => WorkAsync(ctx)).ConfigureAwait(false);")]
    [InlineData("var task = Task.Run(() => WorkAsync(ctx)); await task;")]
    [InlineData("var a = WorkAsync(ctx); var b = WorkAsync(ctx); await Task.WhenAll(a, b);")]
    [InlineData("await Task.WhenAll(Task.Run(() => WorkAsync(ctx)), WorkAsync(ctx));")]
    [InlineData("var all = new List<Task>(); all.Add(Task.Run(() => WorkAsync(ctx))); await Task.WhenAll(all);")]
    [InlineData("await using var group = ctx.Group(); group.Go(ctx => WorkAsync(ctx)); await group.WaitAsync();")]
    [InlineData("await Parallel.ForEachAsync(numbers, ctx, async (n, token) => await Task.Delay(n, token));")]
    [InlineData("Parallel.ForEach(numbers, n => ctx.ThrowIfDone());")]
    [InlineData("_ = Task.Run(() => WorkAsync(ctx.WithoutCancel()));")]
    [InlineData("var detached = ctx.WithoutCancel(); _ = Task.Run(() => WorkAsync(detached));")]
    [InlineData("_ = WorkAsync(ctx.WithValue(s_key, 1).WithoutCancel());")]
    [InlineData("using var own = ctx.WithoutCancel().WithTimeout(TimeSpan.FromSeconds(9)); _ = WorkAsync(own);")]
    [InlineData("var tenant = ctx.Value(s_key); _ = Task.Run(() => Log(tenant));")]
    [InlineData("_ = Task.Run(() => Log(ctx.Value(s_key)));")]
    [InlineData("s_numbers.Enqueue(await AskAsync(ctx));")]
    [InlineData("await EnqueueAsync(ctx, 1);")]
    [InlineData("await s_jobs.Writer.WriteAsync(new Job(ctx.WithoutCancel(), 1), ctx);")]
    [InlineData("s_numbers.Enqueue(ctx.Value(s_key));")]
    [InlineData("var thread = new Thread(() => ctx.ThrowIfDone()); thread.Start(); thread.{|BTN105:Join|}();")]
    [InlineData("using var timer = new Timer(_ => ctx.ThrowIfDone(), null, 1, 1); await WorkAsync(ctx);")]
    [InlineData("var queue = new Queue<(Context, int)>(); queue.Enqueue((ctx, 1)); await WorkAsync(queue.Dequeue().Item1);")]
    [InlineData("EventHandler handler = (_, _) => ctx.ThrowIfDone(); s_changed += handler; await WorkAsync(ctx); s_changed -= handler;")]
    [InlineData("WorkAsync(ctx).{|BTN101:Wait|}();")]
    [InlineData("Func<Task> work = () => WorkAsync(ctx); await work();")]
    [InlineData("await LocalAsync(); async Task LocalAsync() => await WorkAsync(ctx);")]
    public Task Is_silent_on_work_that_ends_with_the_request(string body) => Verify.Silent(In(body));

    [Fact]
    public Task Reports_in_handlers_of_every_kind() => Verify.Reports(Rule, """
        using Grpc.Core;

        public class OrdersController : ControllerBase
        {
            public IActionResult Post(Context ctx) { _ = Work.RunAsync([|ctx|]); return Ok(); }
            private void Helper(Context ctx) { _ = Work.RunAsync(ctx); }
        }

        public class ChatHub : Hub
        {
            public async Task Send(Baton.Context ctx, string text) { await Task.Yield(); _ = Work.RunAsync([|ctx|]); }
        }

        public class Greeter
        {
            public Task<string> SayHello(Context ctx, string request, ServerCallContext call)
            {
                _ = Work.RunAsync([|ctx|]);
                return Task.FromResult(request);
            }
        }

        static class Routes
        {
            static void Map(WebApplication app)
            {
                app.MapPost("/a", Post);
                app.MapPost("/b", Routes.Other);
                app.MapMethods("/c", ["GET"], (Context ctx) => { _ = Work.RunAsync([|ctx|]); });
                app.MapGroup("/d").MapGet("/e", async (HttpContext http) => { _ = Work.RunAsync([|http.RequestContext|]); await http.Response.WriteAsync("x", http.RequestContext); });
                app.Use(async (http, next) => { _ = Work.RunAsync([|http.RequestContext|]); await next(http); });
            }

            static string Post(Context ctx) { _ = Work.RunAsync([|ctx|]); return ""; }
            static string Other(Context ctx) { _ = Work.RunAsync([|ctx|]); return ""; }
            static string Unmapped(Context ctx) { _ = Work.RunAsync(ctx); return ""; }
        }

        static class Work { public static Task RunAsync(Context ctx) => Task.Delay(1, ctx); }

        namespace Grpc.Core { public abstract class ServerCallContext { public CancellationToken CancellationToken => default; } }
        """);

    private static string In(string body) => $$"""
        static class Tested
        {
            private static readonly ContextKey<int> s_key = new("key");
            private static readonly Channel<Job> s_jobs = Channel.CreateUnbounded<Job>();
            private static readonly Queue<int> s_numbers = [];
            private static readonly Queue<Func<Task>> s_queue = [];
            private static event EventHandler? s_changed;
            private static Task? s_task;
            private static Timer? s_timer;
            private static ITimer? s_itimer;

            static void Map(WebApplication app) => app.MapGet("/", async (Context ctx, HttpContext http, int[] numbers) =>
            {
                await Task.Yield();
                {{body}}
            });

            static Task WorkAsync(Context ctx) => Task.Delay(1, ctx);
            static Task<int> AskAsync(Context ctx) => Task.FromResult(ctx.IsDone ? 1 : 0);
            static Task EnqueueAsync(Context ctx, int number) => Task.Delay(number, ctx);
            static async void FireAsync(Context ctx) => await WorkAsync(ctx);
            static void Log(int number) => s_changed?.Invoke(s_task ?? (object?)s_timer ?? s_itimer, EventArgs.Empty);
            static void Forget(this Task task) { }
        {{(body.Contains("s_contexts", StringComparison.Ordinal) ? "    private static readonly Channel<Context> {|BTN003:s_contexts|} = Channel.CreateUnbounded<Context>();" : "")}}
        {{(body.Contains("s_tuples", StringComparison.Ordinal) ? "    private static readonly Queue<(Context, int)> {|BTN003:s_tuples|} = [];" : "")}}
        }

        [ContextCarrier]
        record Job(Context Ctx, int Number);
        """;

    [Fact]
    public Task Reports_a_wait_of_its_own_that_is_dropped() => Verify.Reports("BTN004", """
        public class OrdersController : ControllerBase
        {
            [HttpPost]
            public async Task Place(Context ctx)
            {
                _ = [|ctx|].Delay(TimeSpan.FromSeconds(1));
                await ctx.Delay(TimeSpan.Zero);
                var later = ctx.Delay(TimeSpan.Zero);
                await later;
            }
        }
        """);

    [Fact]
    public Task Reports_a_dropped_call_of_a_helper_that_asks_for_the_request() => Verify.Reports(Rule, """
        class Orders : ControllerBase
        {
            public void Post()
            {
                _ = [|SendMailAsync|]();
                [|SendLaterAsync|]();
            }

            public async Task Put() => await SendMailAsync();

            private Task SendLaterAsync() => SendMailAsync();

            private async Task SendMailAsync() => await Task.Delay(1, HttpContext.RequestContext);
        }
        """);

    [Fact]
    public Task Is_silent_on_a_dropped_call_of_a_helper_that_detaches_or_does_not_ask() => Verify.Silent("""
        class Orders : ControllerBase
        {
            public void Post()
            {
                _ = DetachedAsync();
                _ = PlainAsync();
            }

            private async Task DetachedAsync() => await Task.Delay(1, HttpContext.RequestContext.WithoutCancel());

            private static async Task PlainAsync() => await Task.Delay(1);
        }
        """);
}
