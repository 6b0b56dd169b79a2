namespace Baton.Analyzers.Tests.Values;

public class KeyMadeAgainTests
{
    private const string Rule = "BTN201";

    [Theory]
    [InlineData("static string? Tenant(Context ctx) => ctx.Value([|new ContextKey<string>(\"tenant\")|]);")]
    [InlineData("private readonly ContextKey<string> _key = [|new(\"key\")|];")]
    [InlineData("private static ContextKey<string> s_key = [|new(\"key\")|];")]
    [InlineData("static ContextKey<string> Key => [|new(\"key\")|];")]
    [InlineData("static ContextKey<string> Key { get; set; } = [|new(\"key\")|];")]
    [InlineData("ContextKey<string> Key { get; } = [|new(\"key\")|];")]
    [InlineData("static readonly Func<ContextKey<string>> s_make = () => [|new ContextKey<string>(\"key\")|];")]
    [InlineData("static readonly Lazy<ContextKey<string>> s_key = new(() => [|new ContextKey<string>(\"key\")|]);")]
    [InlineData("static ContextKey<string> s_key; static Tested() { s_key = [|new(\"key\")|]; }")]
    [InlineData("static readonly ContextKey<string> s_key; static Tested() { for (var i = 0; i < 2; i++) { s_key = [|new(\"key\")|]; } }")]
    [InlineData("static ContextKey<string>[] Keys => [[|new(\"key\")|]];")]
    [InlineData("private static ContextKey<string>[] s_keys = [[|new(\"key\")|]];")]
    [InlineData("private readonly ContextKey<string>[] _keys = [[|new(\"key\")|]];")]
    [InlineData("static readonly Func<ContextKey<string>[]> s_make = () => [[|new(\"key\")|]];")]
    [InlineData("static void M<T>(Context ctx) { var key = [|new ContextKey<T>(typeof(T).Name)|]; ctx.Value(key); }")]
    public Task Reports_a_key_that_is_made_again(string member) =>
        Verify.Reports(Rule, $"class Tested {{ {member} }}");

    [Theory]
    [InlineData("class C { private static readonly ContextKey<string> s_key = new(\"key\"); }")]
    [InlineData("class C { public static ContextKey<string> Key { get; } = new ContextKey<string>(\"key\"); }")]
    [InlineData("class C { private static readonly object s_key = (object)(new ContextKey<string>(\"key\")); }")]
    [InlineData("static class C<T> { public static readonly ContextKey<T> Key = new(typeof(T).Name); }")]
    [InlineData("interface IKeys { static readonly ContextKey<int> Key = new(\"key\"); }")]
    [InlineData("record R { internal static readonly ContextKey<int> A = new(\"a\"), B = new(\"b\"); }")]
    [InlineData("class FactAttribute : Attribute; class Tests { [Fact] public void M() => Context.Background.Value(new ContextKey<int>(\"key\")); }")]
    [InlineData("class C { static bool M(ContextKey<int> key) => key == null!; }")]
    [InlineData("class C { private static readonly ContextKey<int>[] s_keys = [new(\"a\"), new(\"b\")]; }")]
    [InlineData("class C { private static readonly ContextKey<int>[] s_keys = { new(\"a\"), new(\"b\") }; }")]
    [InlineData("class C { private static readonly List<ContextKey<int>> s_keys = [new(\"a\")]; }")]
    [InlineData("class C { private static readonly List<ContextKey<int>> s_keys = new() { new(\"a\"), new(\"b\") }; }")]
    [InlineData("class C { private static readonly Dictionary<string, ContextKey<int>> s_keys = new() { [\"a\"] = new(\"a\"), [\"b\"] = new(\"b\") }; }")]
    [InlineData("class C { private static readonly Dictionary<string, ContextKey<int>> s_keys = new() { { \"a\", new(\"a\") } }; }")]
    [InlineData("class C { private static readonly System.Collections.Immutable.ImmutableArray<ContextKey<int>> s_keys = System.Collections.Immutable.ImmutableArray.Create(new ContextKey<int>(\"a\")); }")]
    [InlineData("class C { private static readonly (ContextKey<int>, ContextKey<string>) s_keys = (new(\"a\"), new(\"b\")); }")]
    [InlineData("class C { public static IReadOnlyList<ContextKey<int>> Keys { get; } = [new(\"a\")]; }")]
    [InlineData("class C { private static readonly ContextKey<string> s_key = Pass(new ContextKey<string>(\"key\")); static T Pass<T>(T key) => key; }")]
    [InlineData("class C { private static readonly ContextKey<string> s_key; static C() { s_key = new(\"key\"); } }")]
    public Task Is_silent_on_a_key_that_is_made_once(string source) => Verify.Silent(source);
}
