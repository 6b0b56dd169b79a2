namespace Baton.Analyzers.Tests.Lifetime;

public class StoredTests
{
    private const string Rule = "BTN003";

    [Theory]
    [InlineData("private readonly Context [|_ctx|];")]
    [InlineData("public Context? [|Ctx|] { get; set; }")]
    [InlineData("public required Context [|Ctx|] { get; init; }")]
    [InlineData("private static Context? [|s_ctx|];")]
    [InlineData("static Context? [|Current|] { get; set; }")]
    [InlineData("static readonly AsyncLocal<Context?> [|s_current|] = new();")]
    [InlineData("private CancelableContext? [|_child|];")]
    [InlineData("private readonly List<Context> [|_all|] = [];")]
    [InlineData("private readonly Dictionary<string, Context> [|_byName|] = [];")]
    [InlineData("private readonly ConcurrentQueue<(Context Ctx, int Number)> [|_queue|] = [];")]
    [InlineData("private readonly Context?[] [|_array|] = [];")]
    [InlineData("private (Context, int) [|_pair|];")]
    [InlineData("private Task<Context>? [|_later|];")]
    [InlineData("private readonly Lazy<Context> [|_lazy|] = new(() => Context.Background);")]
    [InlineData("private readonly Channel<Context> [|_channel|] = Channel.CreateUnbounded<Context>();")]
    [InlineData("private Context? [|_a|], [|_b|];")]
    [InlineData("public Context Ctx { get => field ?? Context.Background; set; }")]
    public Task Reports_a_member_that_holds_a_context(string member) =>
        Verify.Reports(Rule,
            $"class Tested {{ {member.Replace("Context Ctx { get => field", "Context [|Ctx|] { get => field", StringComparison.Ordinal)} }}"
            .Replace("class Tested { private readonly Context [|_ctx|]; }",
                "class Tested { private readonly Context [|_ctx|] = Context.Background; }",
                StringComparison.Ordinal));

    [Theory]
    [InlineData("class Service(Context [|ctx|]) { void Run() => ctx.ThrowIfDone(); }")]
    [InlineData("class Service(Context [|ctx|]) { void Run() => ctx.ThrowIfDone(); bool IsDone => ctx.IsDone; }")]
    [InlineData("struct Service(Context [|ctx|]) { public readonly Func<bool> Ask = () => true; public bool IsDone => ctx.IsDone; }")]
    [InlineData("class Service(Context [|ctx|]) { private readonly Func<bool> _ask = () => ctx.IsDone; public bool Ask() => _ask(); }")]
    [InlineData("class Service(Context ctx) { private readonly Context [|_ctx|] = ctx; void Run() => _ctx.ThrowIfDone(); }")]
    [InlineData("record Message(string Text, Context [|Ctx|]);")]
    [InlineData("record struct Message(Context [|Ctx|]);")]
    [InlineData("interface IHas { static Context? [|Shared|] { get; set; } }")]
    [InlineData("partial class Service { } partial class Service { private Context? [|_ctx|]; }")]
    [InlineData("class Holder<T> where T : Context { private T? [|_ctx|]; }")]
    [InlineData("interface IHas { Context Ctx { get; } } class Has : IHas { public Context [|Ctx|] { get; } = Context.Background; }")]
    [InlineData("class Outer { class Inner { private Context? [|_ctx|]; } }")]
    [InlineData("class Box<T> { public T? Value { get; set; } } class Service { private readonly Box<Context> [|_box|] = new(); }")]
    [InlineData("record Pair<T>(T First, T Second); class Service { private Pair<Context>? [|_pair|]; }")]
    [InlineData("struct Slot<T> { private List<T>? _all; } class Service { private Slot<CancelableContext> [|_slot|]; }")]
    [InlineData("class Box<T> { private T? _value; } class Named<T> : Box<T>; class Service { public Named<Context>? [|Box|] { get; set; } }")]
    [InlineData("class Box<T> { private T? _value; } class Service { private readonly List<Box<Context>> [|_all|] = []; }")]
    [InlineData("class Owner : IDisposable { private readonly Context [|_ctx|] = Context.Background; public void Dispose() { } }")]
    [InlineData("class Owner : IDisposable { private readonly CancelableContext [|_ctx|] = Context.Background.WithCancel(); public void Dispose() { } }")]
    [InlineData("class Owner { private readonly CancelableContext [|_ctx|] = Context.Background.WithCancel(); public void Dispose() => _ctx.Dispose(); }")]
    [InlineData("class Owner(CancelableContext [|child|]) : IDisposable { public void Dispose() => Console.WriteLine(child); }")]
    [InlineData("class Owner : IDisposable { private readonly Context [|_ctx|]; public Owner(CancelableContext child) { _ctx = child; child.Cancel(); } public void Dispose() { } }")]
    [InlineData("class Sequence(Context [|ctx|]) : IAsyncEnumerable<int> { public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken t) => throw new NotSupportedException(ctx.ToString()); }")]
    public Task Reports_a_type_that_holds_a_context(string type) => Verify.Reports(Rule, type);

    [Theory]
    [InlineData("class Service { private readonly Func<Context, Task>? _work; private event Action<Context>? Changed; Func<Context>? Make { get; set; } }")]
    [InlineData("delegate Task Handler(Context ctx); class Service { private readonly Handler? _handler; private List<Handler> _all = []; }")]
    [InlineData("class Service { public Context Ctx => Context.Background; }")]
    [InlineData("class Service { public Context Ctx { get { return Context.Background; } } }")]
    [InlineData("interface IHas { Context Ctx { get; set; } }")]
    [InlineData("abstract class Has { public abstract Context Ctx { get; } }")]
    [InlineData("ref struct Frame { public Context Ctx; public Context? Other { get; set; } }")]
    [InlineData("ref struct Frame(Context ctx) { public bool IsDone => ctx.IsDone; }")]
    [InlineData("[ContextCarrier] record Message(string Text, Context Ctx);")]
    [InlineData("[ContextCarrier] class Service(Context ctx) { void Run() => ctx.ThrowIfDone(); }")]
    [InlineData("[ContextCarrier] struct Call { public Context Ctx; }")]
    [InlineData("class Service(Context ctx) { private readonly string _name = ctx.ToString(); string Name => _name; }")]
    [InlineData("class Base(Context ctx) { protected string Name { get; } = ctx.ToString(); } class Derived(Context ctx) : Base(ctx);")]
    [InlineData("class Owner : IDisposable { private readonly CancelableContext _ctx = Context.Background.WithCancel(); public void Dispose() => _ctx.Dispose(); }")]
    [InlineData("class Owner : IAsyncDisposable { private CancelableContext? _ctx; public ValueTask DisposeAsync() { _ctx?.Cancel(new TimeoutException()); return default; } }")]
    [InlineData("class Owner : IDisposable { private readonly CancelableContext _ctx; private readonly Context _parent; public Owner(Context ctx) { _parent = ctx; _ctx = ctx.WithCancel(); } public void Dispose() { using (_ctx) { _parent.ThrowIfDone(); } } }")]
    [InlineData("class Owner(CancelableContext child) : IDisposable { public void Dispose() => child.Dispose(); }")]
    [InlineData("class Keys { private static readonly ContextKey<Context> s_key = new(\"ctx\"); private readonly IComparer<Context>? _order; private readonly IEqualityComparer<Context>? _same; }")]
    [InlineData("class Parser<T> { public T? Parse(string text) => default; } class Service { private readonly Parser<Context> _parser = new(); }")]
    [InlineData("class Comparer<T> { private readonly Func<T, bool>? _ask; } class Service { private readonly Comparer<Context> _order = new(); }")]
    [InlineData("interface IStep<T>; class Service { private IStep<Context>? _step; }")]
    [InlineData("[ContextCarrier] class Box<T> { private T? _value; } class Service { private Box<Context>? _box; }")]
    [InlineData("class Locals { void M(Context ctx) { var all = new List<Context> { ctx }; Context kept = all[0]; kept.ThrowIfDone(); } }")]
    public Task Is_silent_on_what_stores_none(string type) => Verify.Silent(type);

    [Fact]
    public Task Is_silent_on_the_private_state_of_an_iterator() => Verify.Silent("""
        class Sequence
        {
            public async IAsyncEnumerable<int> Iterate(Context ctx)
            {
                await ctx.Delay(TimeSpan.FromSeconds(1));
                yield return 1;
            }

            private sealed class Enumerator(string name) : IAsyncEnumerator<string>
            {
                private Context _ctx = Context.Background;
                public string Current => name;
                public ValueTask<bool> MoveNextAsync() => new(_ctx.IsDone);
                public ValueTask DisposeAsync() => default;
            }
        }
        """);

    [Fact]
    public Task Is_silent_on_test_classes() => Verify.Silent("""
        class FactAttribute : Attribute;

        class SomeTests
        {
            private readonly Context _ctx = Context.Background;

            [Fact]
            public void Is_live() => _ctx.ThrowIfDone();

            private sealed class Fake { public Context? Seen { get; set; } }
        }
        """);

    [Fact]
    public Task Is_silent_on_a_primary_constructor_of_an_iterator() => Verify.Silent("""
        sealed class Numbers(Context ctx) : IAsyncEnumerator<int>
        {
            public int Current => 0;

            public ValueTask<bool> MoveNextAsync()
            {
                ctx.ThrowIfDone();
                return default;
            }

            public ValueTask DisposeAsync() => default;
        }
        """);

    [Fact]
    public Task Reports_a_queue_by_priority() => Verify.Reports("BTN003", """
        class Queue
        {
            readonly PriorityQueue<Context, int> [|_waiting|] = new();
        }
        """);
}
