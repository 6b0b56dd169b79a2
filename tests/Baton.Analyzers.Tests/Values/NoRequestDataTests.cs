namespace Baton.Analyzers.Tests.Values;

public class NoRequestDataTests
{
    private const string Rule = "BTN202";

    [Theory]
    [InlineData("IServiceProvider")]
    [InlineData("IServiceScope")]
    [InlineData("IServiceScopeFactory")]
    [InlineData("AsyncServiceScope")]
    [InlineData("IHttpClientFactory")]
    [InlineData("ILogger")]
    [InlineData("ILogger<string>")]
    [InlineData("ILoggerFactory")]
    [InlineData("IOptions<string>")]
    [InlineData("IOptionsSnapshot<string>")]
    [InlineData("IOptionsMonitor<string>")]
    [InlineData("HttpClient")]
    [InlineData("HttpContext")]
    [InlineData("Action")]
    [InlineData("Func<Context, Task>")]
    [InlineData("List<string>")]
    [InlineData("Dictionary<string, string>")]
    [InlineData("IDictionary<string, string>")]
    [InlineData("HashSet<int>")]
    [InlineData("ConcurrentDictionary<string, int>")]
    [InlineData("Microsoft.EntityFrameworkCore.DbContext")]
    [InlineData("ShopContext")]
    [InlineData("ShopClient")]
    [InlineData("Tags")]
    public Task Reports_a_value_that_is_no_request_data(string type) =>
        Verify.Reports(Rule, In(type, "[|WithValue|]"));

    [Theory]
    [InlineData("string")]
    [InlineData("Guid")]
    [InlineData("int?")]
    [InlineData("System.Security.Claims.ClaimsPrincipal")]
    [InlineData("System.Diagnostics.ActivityContext")]
    [InlineData("Tenant")]
    [InlineData("string[]")]
    [InlineData("byte[]")]
    [InlineData("IReadOnlyList<string>")]
    [InlineData("IReadOnlyDictionary<string, string>")]
    [InlineData("System.Collections.Immutable.ImmutableList<string>")]
    [InlineData("System.Collections.Frozen.FrozenDictionary<string, string>")]
    [InlineData("System.Collections.ObjectModel.ReadOnlyCollection<string>")]
    [InlineData("IEnumerable<string>")]
    [InlineData("TimeProvider")]
    [InlineData("MarkedTags")]
    [InlineData("MarkedDelegate")]
    [InlineData("IMarkedFactory")]
    public Task Is_silent_on_request_data(string type) => Verify.Silent(In(type, "WithValue"));

    [Fact]
    public Task Reports_what_is_given_though_the_key_says_less() => Verify.Reports(Rule, """
        static class Keys
        {
            private static readonly ContextKey<object> s_any = new("any");
            private static readonly ContextKey<IEnumerable<int>> s_numbers = new("numbers");

            static Context A(Context ctx, ILogger logger) => ctx.[|WithValue|](s_any, logger);
            static Context B(Context ctx) => ctx.[|WithValue|](s_numbers, new List<int> { 1 });
            static Context C(Context ctx) => ctx.{|BTN001:WithCancel|}() is { } child ? child.[|WithValue|]<object>(s_any, (Action)(() => { })) : ctx;
            static Context D(Context ctx) => ctx
                .WithValue(s_any, "first")
                .[|WithValue|](s_any, new Dictionary<string, string>());
        }
        """);

    [Fact]
    public Task Is_silent_on_generic_code() => Verify.Silent("""
        static class Values
        {
            static Context With<T>(Context ctx, ContextKey<T> key, T value) => ctx.WithValue(key, value);
            static Context WithAll<T>(Context ctx, ContextKey<T[]> key, params T[] values) => ctx.WithValue(key, values);
        }
        """);

    private static string In(string type, string call) => $$"""
        static class Tested
        {
            private static readonly ContextKey<{{type}}> s_key = new("key");

            static Context Set(Context ctx, {{type}} value) => ctx.{{call}}(s_key, value);
        }

        record Tenant(string Name);
        class ShopContext : Microsoft.EntityFrameworkCore.DbContext;
        class ShopClient : HttpClient;
        class Tags : Dictionary<string, string>;
        [ContextValue] class MarkedTags : Dictionary<string, string>;
        [ContextValue] delegate void MarkedDelegate();
        [ContextValue] interface IMarkedFactory;
        namespace Microsoft.EntityFrameworkCore { public class DbContext; }
        """;

    [Fact]
    public Task Is_silent_on_a_list_for_a_key_that_can_only_be_read() => Verify.Silent("""
        static class Tags
        {
            private static readonly ContextKey<IReadOnlyList<string>> s_tags = new("tags");

            static Context Set(Context ctx) => ctx.WithValue(s_tags, new List<string> { "new" });
        }
        """);
}
