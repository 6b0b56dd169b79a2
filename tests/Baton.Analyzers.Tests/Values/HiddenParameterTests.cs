namespace Baton.Analyzers.Tests.Values;

public class HiddenParameterTests
{
    private const string Rule = "BTN203";

    [Theory]
    [InlineData("public void M(Context ctx) { H(ctx.[|WithValue|](s_key, 1)); } private void H(Context ctx) => Log(ctx.Value(s_key));")]
    [InlineData("public void M(Context ctx) { var named = ctx.[|WithValue|](s_key, 1); H(named); } void H(Context ctx) { if (ctx.TryGetValue(s_key, out var n)) Log(n); }")]
    [InlineData("public void M(Context ctx) { H(ctx.[|WithValue|](s_key, 1)); static void H(Context ctx) => Log(ctx.Value(s_key)); }")]
    [InlineData("public void M(Context ctx) { H(ctx.[|WithValue|](s_key, 1)); } internal static void H(Context ctx) => Log(ctx.Value(s_key));")]
    [InlineData("public async Task M(Context ctx) { await H(ctx.[|WithValue|](s_key, 1)); } private static async Task H(Context ctx) { await Task.Yield(); Log(ctx.Value(s_key)); }")]
    [InlineData("public void M(Context ctx) { A(ctx.[|WithValue|](s_key, 1)); } private void A(Context ctx) => B(ctx); private void B(Context ctx) => Log(ctx.Value(s_key));")]
    [InlineData("public void M(Context ctx) { H(ctx.[|WithValue|](s_key, 1)); H(ctx.WithValue(s_key, 2)); } private void H(Context ctx) => Log(ctx.Value(s_key));")]
    [InlineData("public void M(Context ctx) { H(ctx.[|WithValue|](s_key, 1), 3); } private void H(Context ctx, int n) { Log(ctx.Value(s_key)); if (n > 0) H(ctx, n - 1); }")]
    [InlineData("public void M(Context ctx) { foreach (var n in new[] { 1 }) H(ctx.[|WithValue|](Keys.Number, n)); } private void H(Context ctx) => Log(ctx.Value(Keys.Number));")]
    [InlineData("public void M(Context ctx) { A(ctx.[|WithValue|](s_key, 1)); } private void A(Context ctx) { B(ctx); C(ctx); } private void B(Context ctx) => D(ctx); private void C(Context ctx) => D(ctx); private void D(Context ctx) => Log(ctx.Value(s_key));")]
    public Task Reports_a_value_set_for_a_helper_of_ones_own(string members) =>
        Verify.Reports(Rule, In(members));

    [Theory]
    [InlineData("public Context WithNumber(Context ctx, int n) => ctx.WithValue(s_key, n); public int Number(Context ctx) => ctx.Value(s_key);")]
    [InlineData("static Context WithNumber(Context ctx, int n) => ctx.WithValue(s_key, n); static int Number(Context ctx) => ctx.Value(s_key);")]
    [InlineData("public void M(Context ctx) { H(ctx.WithValue(s_key, 1)); } public void H(Context ctx) => Log(ctx.Value(s_key));")]
    [InlineData("public void M(Context ctx) { H(ctx.WithValue(s_key, 1)); } public void N(Context ctx) { H(ctx); } private void H(Context ctx) => Log(ctx.Value(s_key));")]
    [InlineData("public void M(Context ctx) { H(ctx.WithValue(s_key, 1)); } public int Read(Context ctx) => ctx.Value(s_key); private void H(Context ctx) => Log(ctx.Value(s_key));")]
    [InlineData("public void M(Context ctx) { Other.Do(ctx.WithValue(Other.Key, 1)); H(ctx); } private void H(Context ctx) => Log(ctx.Value(Other.Key));")]
    [InlineData("public void M(Context ctx) { Run(ctx.WithValue(s_key, 1), H); } void Run(Context ctx, Action<Context> next) => next(ctx); private void H(Context ctx) => Log(ctx.Value(s_key));")]
    [InlineData("public void M(Context ctx) { H(ctx.WithValue(s_key, 1)); } public void N(Context ctx) { H(ctx.WithValue(s_key, 2)); } private void H(Context ctx) => Log(ctx.Value(s_key));")]
    [InlineData("public void M(Context ctx) { Log(ctx.WithValue(s_key, 1).Value(s_key)); }")]
    [InlineData("public void M(Context ctx) { H(ctx.WithValue(s_key, 1)); Log(s_key.Name.Length); } private void H(Context ctx) => Log(ctx.Value(s_key)); object Key => s_key;")]
    [InlineData("public void M(Context ctx) { ((IRun)this).Run(ctx.WithValue(s_key, 1)); } void IRun.Run(Context ctx) => Log(ctx.Value(s_key));")]
    [InlineData("public void M(Context ctx) { H(ctx, 1); } private void H(Context ctx, int n) => Log(n);")]
    [InlineData("public void M(Context ctx) { A(ctx.WithValue(s_key, 1), 2); } private void A(Context ctx, int n) => B(ctx, n); private void B(Context ctx, int n) { Log(ctx.Value(s_key)); if (n > 0) A(ctx, n - 1); }")]
    public Task Is_silent_on_values_that_others_read(string members) => Verify.Silent(In(members));

    [Fact]
    public Task Is_silent_on_a_key_that_other_projects_can_read() => Verify.Silent("""
        public class Service
        {
            public static readonly ContextKey<int> Key = new("key");
            public void M(Context ctx) => H(ctx.WithValue(Key, 1));
            private void H(Context ctx) => Console.WriteLine(ctx.Value(Key));
        }
        """);

    [Theory]
    [InlineData("Tested.Read(ctx)")]
    [InlineData("Read(ctx)", "using static Tested; ")]
    [InlineData("T.Read(ctx)", "using T = Tested; ")]
    public Task Is_silent_on_a_helper_that_another_type_names(string call, string imports = "") =>
        Verify.Silent(imports + $$"""
        class Caller { int Call(Context ctx) => {{call}}; }

        class Tested
        {
            private static readonly ContextKey<int> s_key = new("key");
            public int Place(Context ctx) => Read(ctx.WithValue(s_key, 1));
            internal static int Read(Context ctx) => ctx.Value(s_key);
        }
        """);

    private static string In(string members) => $$"""
        interface IRun { void Run(Context ctx); }

        class Tested : IRun
        {
            private static readonly ContextKey<int> s_key = new("key");
            {{members}}
            {{(members.Contains("IRun.Run", StringComparison.Ordinal) ? "" : "public void Run(Context ctx) { }")}}
            static void Log(int number) { }
        }

        static class Keys { public static readonly ContextKey<int> Number = new("number"); }

        static class Other
        {
            public static readonly ContextKey<int> Key = new("key");
            public static void Do(Context ctx) => Console.WriteLine(ctx.Value(Key));
        }
        """;

    [Fact]
    public Task Reports_although_another_type_has_a_key_of_that_name() => Verify.Reports(Rule, """
        class Orders
        {
            internal static readonly ContextKey<int> Key = new("key");
            public int Place(Context ctx) => Read(ctx.[|WithValue|](Key, 1));
            private static int Read(Context ctx) => ctx.Value(Key);
        }

        class Other
        {
            public static readonly ContextKey<int> Key = new("other");
            public static int Ask(Context ctx) => ctx.Value(Key) + ctx.Value(Other.Key);
        }
        """);

    [Theory]
    [InlineData("static class Inner { static readonly ContextKey<int> s_k = new(\"k\"); public static int M(Context ctx) => R(ctx.[|WithValue|](s_k, 1)); static int R(Context ctx) => ctx.Value(s_k); }")]
    [InlineData("static readonly ContextKey<int> s_k = new(\"k\"); static int R(Context ctx) => ctx.Value(s_k); extension(Context ctx) { public int M() => R(ctx.[|WithValue|](s_k, 1)); }")]
    [InlineData("static readonly ContextKey<int> s_k = new(\"k\"); static int R(Context ctx) => ctx.Value(s_k); public static int M(Context ctx) { return In(); int In() => R(ctx.[|WithValue|](s_k, 1)); }")]
    public Task Reports_in_nested_types_extension_blocks_and_local_functions(string members) =>
        Verify.Reports(Rule, $"static class Outer {{ {members} }}");
}
