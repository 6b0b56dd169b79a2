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
    [InlineData("static readonly ContextKey<string>[] s_keys = [[|new(\"key\")|]];")]
    [InlineData("static readonly Lazy<ContextKey<string>> s_key = new(() => [|new ContextKey<string>(\"key\")|]);")]
    [InlineData("static readonly ContextKey<string> s_key; static Tested() { s_key = [|new(\"key\")|]; }")]
    [InlineData("static void M<T>(Context ctx) { var key = [|new ContextKey<T>(typeof(T).Name)|]; ctx.Value(key); }")]
    [InlineData("static readonly ContextKey<string> s_key = Pass([|new(\"key\")|]); static T Pass<T>(T key) => key;", "Pass([|new(\"key\")|])", "Pass([|new ContextKey<string>(\"key\")|])")]
    public Task Reports_a_key_that_is_made_again(string member, string from = " ", string to = " ") =>
        Verify.Reports(Rule, $"class Tested {{ {member.Replace(from, to, StringComparison.Ordinal)} }}");

    [Theory]
    [InlineData("class C { private static readonly ContextKey<string> s_key = new(\"key\"); }")]
    [InlineData("class C { public static ContextKey<string> Key { get; } = new ContextKey<string>(\"key\"); }")]
    [InlineData("class C { private static readonly object s_key = (object)(new ContextKey<string>(\"key\")); }")]
    [InlineData("static class C<T> { public static readonly ContextKey<T> Key = new(typeof(T).Name); }")]
    [InlineData("interface IKeys { static readonly ContextKey<int> Key = new(\"key\"); }")]
    [InlineData("record R { internal static readonly ContextKey<int> A = new(\"a\"), B = new(\"b\"); }")]
    [InlineData("class FactAttribute : Attribute; class Tests { [Fact] public void M() => Context.Background.Value(new ContextKey<int>(\"key\")); }")]
    [InlineData("class C { static bool M(ContextKey<int> key) => key == null!; }")]
    public Task Is_silent_on_a_key_that_is_made_once(string source) => Verify.Silent(source);
}
