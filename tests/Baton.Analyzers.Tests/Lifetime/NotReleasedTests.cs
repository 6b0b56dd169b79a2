namespace Baton.Analyzers.Tests.Lifetime;

public class NotReleasedTests
{
    private const string Rule = "BTN001";

    [Theory]
    [InlineData("ctx.[|WithTimeout|](TimeSpan.FromSeconds(1));")]
    [InlineData("_ = ctx.[|WithCancel|]();")]
    [InlineData("await UseAsync(ctx.[|WithCancel|]());")]
    [InlineData("await Task.Delay(1, ctx.[|WithCancel|]());")]
    [InlineData("using var child = ctx.[|WithCancel|]().WithTimeout(TimeSpan.FromSeconds(1));")]
    [InlineData("var done = ctx.[|WithCancel|]().Done; await UseTokenAsync(done);")]
    [InlineData("var named = ctx.[|WithCancel|]().WithValue(s_key, 1); await UseAsync(named);")]
    [InlineData("Context child = ctx.[|WithCancel|](); await UseAsync(child);")]
    [InlineData("Context child = flag ? ctx.[|WithCancel|]() : ctx; await UseAsync(child);")]
    [InlineData("ctx = ctx.[|WithCancel|](); await UseAsync(ctx);")]
    public Task Reports_one_that_nobody_can_dispose(string body) => Verify.Reports(Rule, In(body));

    [Theory]
    [InlineData("var child = ctx.[|WithCancel|](); await UseAsync(child);")]
    [InlineData("var child = ctx.[|WithCancel|](); if (flag) { return; } child.Dispose();")]
    [InlineData("var child = ctx.[|WithCancel|](); if (flag) { child.Dispose(); }")]
    [InlineData("var child = ctx.[|WithCancel|](); switch (number) { case 1: child.Cancel(); break; case 2: break; default: child.Dispose(); break; }")]
    [InlineData("var child = ctx.[|WithCancel|](); foreach (var n in numbers) { child.Dispose(); }")]
    [InlineData("foreach (var n in numbers) { var child = ctx.[|WithCancel|](); if (n > 1) { continue; } child.Dispose(); }")]
    [InlineData("try { var child = ctx.[|WithCancel|](); await UseAsync(child); child.Dispose(); } catch (Exception) { return; }")]
    [InlineData("var child = ctx.[|WithCancel|](); try { await UseAsync(child); } finally { if (flag) { child.Dispose(); } }")]
    [InlineData("CancelableContext? child = null; if (flag) { child = ctx.[|WithCancel|](); } await UseAsync(child ?? ctx);")]
    [InlineData("var child = ctx.[|WithCancel|](); var name = flag ? child.ToString() : \"\"; if (name.Length > 1) child.Dispose();")]
    [InlineData("var child = ctx?.[|WithCancel|](); if (child != null && flag) { child.Dispose(); }")]
    [InlineData("var child = number switch { 1 => ctx.[|WithCancel|](), _ => ctx.[|WithTimeout|](TimeSpan.Zero) }; await UseAsync(child);")]
    [InlineData("var child = ctx.[|WithCancel|](); goto end; end: await UseAsync(child);")]
    public Task Reports_one_that_a_path_leaves_held(string body) => Verify.Reports(Rule, In(body));

    [Theory]
    [InlineData("var child = ctx.[|WithCancel|](); child = ctx.WithTimeout(TimeSpan.Zero); child.Dispose();")]
    [InlineData("CancelableContext? child = null; while (flag) { child = ctx.[|WithCancel|](); flag = await AskAsync(child); } child?.Dispose();")]
    [InlineData("CancelableContext? child = ctx.[|WithCancel|](); child = null;")]
    public Task Reports_one_that_is_overwritten(string body) => Verify.Reports(Rule, In(body));

    [Theory]
    [InlineData("using var child = ctx.WithCancel(); await UseAsync(child);")]
    [InlineData("using var child = flag ? ctx.WithCancel() : ctx.WithTimeout(TimeSpan.Zero); await UseAsync(child);")]
    [InlineData("using var child = number switch { 1 => ctx.WithCancel(), _ => null }; await UseAsync(child ?? ctx);")]
    [InlineData("using (var child = ctx.WithCancel()) { await UseAsync(child); }")]
    [InlineData("using (ctx.WithCancel()) { await UseAsync(ctx); }")]
    [InlineData("var child = ctx.WithCancel(); using (child) { await UseAsync(child); }")]
    [InlineData("var child = ctx.WithCancel(); using var owned = child; await UseAsync(child);")]
    [InlineData("var child = ctx.WithCancel(); await UseAsync(child); child.Dispose();")]
    [InlineData("var child = ctx.WithCancel(); await UseAsync(child); child.Cancel(new InvalidOperationException());")]
    [InlineData("var child = ctx.WithCancel(); try { await UseAsync(child); } finally { child.Dispose(); }")]
    [InlineData("CancelableContext? child = null; try { child = ctx.WithCancel(); await UseAsync(child); } {|BTN106:catch|} { } finally { child?.Dispose(); }")]
    [InlineData("CancelableContext? child = null; try { child = ctx.WithCancel(); await UseAsync(child); } {|BTN106:catch|} { } finally { if (child is not null) { child.Dispose(); } }")]
    [InlineData("CancelableContext? child = null; if (flag) { child = ctx.WithCancel(); } await UseAsync(ctx); if (flag) { child!.Dispose(); }")]
    [InlineData("CancelableContext? child = flag ? ctx.WithCancel() : null; await UseAsync(child ?? ctx); if (child != null) child.Dispose();")]
    [InlineData("CancelableContext? child = flag ? ctx.WithCancel() : null; await UseAsync(child ?? ctx); child?.Cancel();")]
    [InlineData("var child = ctx.WithCancel(); while (true) { await UseAsync(child); }")]
    [InlineData("var child = ctx.WithCancel(); throw new InvalidOperationException(child.ToString());")]
    [InlineData("var child = ctx.WithCancel(); if (flag) { throw new InvalidOperationException(); } child.Dispose();")]
    [InlineData("var child = ctx.WithCancel(); if (flag) { Environment.Exit(1); } child.Dispose();")]
    [InlineData("try { var child = ctx.WithCancel(); child.Dispose(); await UseAsync(ctx); } {|BTN106:catch|} (Exception) { }")]
    [InlineData("foreach (var n in numbers) { using var child = ctx.WithCancel(); await UseAsync(child); }")]
    [InlineData("foreach (var n in numbers) { var child = ctx.WithCancel(); await UseAsync(child); child.Dispose(); }")]
    [InlineData("ctx.WithCancel().Dispose();")]
    public Task Is_silent_on_one_that_is_released(string body) => Verify.Silent(In(body));

    [Theory]
    [InlineData("var child = ctx.WithCancel(); Own(child);")]
    [InlineData("Own(ctx.WithCancel());")]
    [InlineData("OwnAny(ctx.WithCancel());")]
    [InlineData("var child = ctx.WithCancel(); _owned = child;")]
    [InlineData("_owned = ctx.WithCancel();")]
    [InlineData("new Job { Ctx = ctx.WithCancel() }.Run();")]
    [InlineData("_all.Add(ctx.WithCancel());")]
    [InlineData("var child = ctx.WithCancel(); _all.Add(child); await UseAsync(child);")]
    [InlineData("List<CancelableContext> all = [ctx.WithCancel(), ctx.WithCancel()]; await UseAsync(all[0]);")]
    [InlineData("var child = ctx.WithCancel(); Action stop = () => child.Dispose(); stop();")]
    [InlineData("var child = ctx.WithCancel(); Stop(); await UseAsync(child); void Stop() => child.Cancel();")]
    [InlineData("var child = ctx.WithCancel(); Action stop = child.Cancel; stop();")]
    [InlineData("var pair = (ctx.WithCancel(), 1); pair.Item1.Dispose();")]
    [InlineData("Make(ref _owned!, ctx.WithCancel());")]
    [InlineData("var child = ctx.WithCancel(); var job = new { child }; job.child.Dispose();")]
    public Task Is_silent_on_one_that_is_handed_over(string body) => Verify.Silent(In(body));

    [Fact]
    public Task Is_silent_on_one_that_is_returned() => Verify.Silent("""
        static class Made
        {
            static CancelableContext Budget(Context ctx) => ctx.WithTimeout(TimeSpan.FromSeconds(1));

            static IDisposable Scope(Context ctx)
            {
                var child = ctx.WithCancel();
                return child;
            }

            static CancelableContext? Maybe(Context ctx, bool flag)
            {
                var child = ctx.WithCancel();
                if (flag)
                {
                    child.Dispose();
                    return null;
                }

                return child;
            }

            static async Task<CancelableContext> LaterAsync(Context ctx)
            {
                var child = ctx.WithCancel();
                await Task.Delay(1, child);
                return child;
            }

            static (CancelableContext, int) Pair(Context ctx) => (ctx.WithCancel(), 1);

            static Func<Context, CancelableContext> Maker => ctx => ctx.WithCancel();

            static IEnumerable<CancelableContext> Many(Context ctx)
            {
                yield return ctx.WithCancel();
            }
        }
        """);

    [Fact]
    public Task Reports_one_that_is_returned_as_a_context() => Verify.Reports(Rule, """
        static class Made
        {
            static Context Budget(Context ctx) => ctx.[|WithTimeout|](TimeSpan.FromSeconds(1));

            static Context Named(Context ctx, ContextKey<int> key)
            {
                var child = ctx.[|WithCancel|]();
                return child.WithValue(key, 1);
            }

            static Func<Context, Context> Maker => ctx => ctx.[|WithCancel|]();

            static Task<Context> Later(Context ctx) => Task.FromResult<Context>(ctx.[|WithCancel|]());
        }
        """);

    [Fact]
    public Task Reports_inside_lambdas_local_functions_and_top_level_statements() => Verify.Reports(Rule, """
        var app = Context.Background.[|WithSignals|]();
        await RunAsync(app);
        Func<Context, Task> work = async ctx => { var child = ctx.[|WithCancel|](); await RunAsync(child); };
        await work(app);

        static async Task RunAsync(Context ctx)
        {
            var child = ctx.[|WithCancel|]();
            await InnerAsync(child);

            async Task InnerAsync(Context ctx)
            {
                Func<Task> later = async () => { var inner = ctx.[|WithTimeout|](TimeSpan.Zero); await Task.Delay(1, inner); };
                await later();
            }
        }
        """);

    [Fact]
    public Task Reports_in_members_of_every_kind() => Verify.Reports(Rule, """
        record Job(Context Root)
        {
            Context Prop { get { var child = Root.[|WithCancel|](); return {|BTN102:Context.Background|}; } }
            Job() : this(Context.Background.[|WithCancel|]()) { }
            int this[int index] { get { Root.[|WithCancel|](); return index; } }
            public static Job operator +(Job job, int n) { var child = job.Root.[|WithCancel|](); return job; }
        }

        static class Extensions
        {
            extension(Context ctx)
            {
                public void Leak() { var child = ctx.[|WithCancel|](); }
                public CancelableContext WithBudget() => ctx.WithTimeout(TimeSpan.FromSeconds(1));
            }

            static void Use(Context ctx) { ctx.[|WithBudget|](); }
            static async IAsyncEnumerable<int> Iterate(Context ctx) { var child = ctx.[|WithCancel|](); await Task.Delay(1, child); yield return 1; }
            static void Generic<T>(T ctx) where T : Context { var child = ctx.[|WithCancel|](); }
        }
        """.Replace("record Job(Context Root)", "record Job({|BTN003:Root|})", StringComparison.Ordinal)
            .Replace("({|BTN003:Root|})", "(Context {|BTN003:Root|})", StringComparison.Ordinal));

    [Theory]
    [InlineData("ctx.[|AfterFunc|](() => { });")]
    [InlineData("_ = ctx.[|AfterFunc|](() => { });")]
    [InlineData("ctx.[|AfterFunc|](async () => await Task.Yield());")]
    [InlineData("var registration = ctx.[|AfterFunc|](() => { });")]
    [InlineData("ctx.WithValue(s_key, 1).[|AfterFunc|](() => { });")]
    [InlineData("var named = ctx.WithValue(s_key, 1); named.[|AfterFunc|](() => { });")]
    [InlineData("{|BTN102:Context.Background|}.[|AfterFunc|](() => { });")]
    public Task Reports_a_dropped_registration(string body) => Verify.Reports(Rule, In(body));

    [Theory]
    [InlineData("using var registration = ctx.AfterFunc(() => { });")]
    [InlineData("using (ctx.AfterFunc(() => { })) { await UseAsync(ctx); }")]
    [InlineData("await using var registration = ctx.AfterFunc(() => UseAsync(ctx.WithoutCancel()));")]
    [InlineData("await using (ctx.AfterFunc(async () => await Task.Yield())) { await UseAsync(ctx); }")]
    [InlineData("var registration = ctx.AfterFunc(() => { }); await UseAsync(ctx); registration.Stop();")]
    [InlineData("using var child = ctx.WithCancel(); child.AfterFunc(() => { });")]
    [InlineData("using var child = ctx.WithCancel(); var named = child.WithValue(s_key, 1); named.AfterFunc(() => { });")]
    [InlineData("await using var group = ctx.Group(); group.Context.AfterFunc(() => { });")]
    [InlineData("_registrations.Add(ctx.AfterFunc(() => { }));")]
    [InlineData("await ctx.AfterFunc(() => { }).StopAndWaitAsync();")]
    public Task Is_silent_on_a_registration_that_is_kept_or_ends_with_the_method(string body) =>
        Verify.Silent(In(body));

    private static string In(string body) => $$"""
        sealed class Tested : IDisposable
        {
            private static readonly ContextKey<int> s_key = new("key");
            private readonly List<CancelableContext> _all = [];
            private readonly List<ContextRegistration> _registrations = [];
            private CancelableContext? _owned;

            async Task M(Context ctx, bool flag, int number, int[] numbers)
            {
                await Task.Yield();
                {{body}}
            }

            public void Dispose() => _owned?.Dispose();
            [ContextCarrier] class Job { public Context? Ctx { get; init; } public void Run() { } }
            static Task UseAsync(Context ctx) => Task.Delay(1, ctx);
            static Task UseTokenAsync(CancellationToken token) => Task.Delay(1, token);
            static Task<bool> AskAsync(Context ctx) => Task.FromResult(ctx.IsDone);
            static void Own(CancelableContext child) => child.Dispose();
            static void OwnAny(object child) { }
            static void Make(ref CancelableContext place, CancelableContext child) => place = child;
        }
        """;

    [Theory]
    [InlineData("if (ctx.[|WithCancel|]() is { IsDone: false } child) { await UseAsync(child); }")]
    [InlineData("if (ctx.[|WithCancel|]() is { } child) { await UseAsync(child); }")]
    [InlineData("if (ctx.[|WithCancel|]() is CancelableContext child) { await UseAsync(child); }")]
    [InlineData("if (ctx.[|WithTimeout|](TimeSpan.FromSeconds(1)) is { IsDone: false } and { Deadline: not null } child) { await UseAsync(child); }")]
    [InlineData("if (ctx.[|WithCancel|]() is CancelableContext { IsDone: false } child && child.Remaining > TimeSpan.Zero) { await UseAsync(child); }")]
    public Task Reports_one_that_a_pattern_binds(string body) => Verify.Reports(Rule, In(body));

    [Theory]
    [InlineData("if (ctx.WithCancel() is { IsDone: false } child) { using (child) { await UseAsync(child); } }")]
    [InlineData("if (ctx.WithCancel() is { } child) { try { await UseAsync(child); } finally { child.Dispose(); } }")]
    [InlineData("if (ctx.WithCancel() is { } child) { child.Cancel(); }")]
    public Task Is_silent_on_one_that_a_pattern_binds_and_the_code_releases(string body) => Verify.Silent(In(body));
}
