namespace Baton.Analyzers.Tests.Values;

public class KeyMadeAgainTests
{
    private const string Rule = "BTN201";

    [Fact]
    public Task Reports_a_key_made_in_a_method() => Verify.Reports(Rule, """
        static class Tenancy
        {
            public static string? Tenant(Context ctx) => ctx.Value([|new ContextKey<string>("tenant")|]);
        }
        """);

    [Fact]
    public Task Is_silent_on_a_static_readonly_field() => Verify.Silent("""
        static class Tenancy
        {
            private static readonly ContextKey<string> s_tenant = new("tenant");
            public static string? Tenant(Context ctx) => ctx.Value(s_tenant);
        }
        """);
}
