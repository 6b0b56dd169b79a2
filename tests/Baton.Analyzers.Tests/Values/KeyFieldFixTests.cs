using Microsoft.CodeAnalysis.CodeFixes;

namespace Baton.Analyzers.Tests.Values;

public class KeyFieldFixTests
{
    private const string Rule = "BTN201";

    [Fact]
    public Task Extracts_a_field_named_after_the_key() => VerifyFix.Turns(
        Rule,
        """
        static class Tenancy
        {
            // Whose request it is.
            public static string? Tenant(Context ctx) => ctx.Value(new ContextKey<string>("tenant-id")); // may be null
        }
        """,
        """
        static class Tenancy
        {
            private static readonly ContextKey<string> s_tenantId = new("tenant-id");

            // Whose request it is.
            public static string? Tenant(Context ctx) => ctx.Value(s_tenantId); // may be null
        }
        """);

    [Theory]
    [InlineData("private readonly ContextKey<int> _key = new(\"key\");", "private static readonly ContextKey<int> _key = new(\"key\");")]
    [InlineData("private static ContextKey<int> _key = new(\"key\");", "private static readonly ContextKey<int> _key = new(\"key\");")]
    [InlineData("ContextKey<int> _key = new(\"key\");", "static readonly ContextKey<int> _key = new(\"key\");")]
    public Task Completes_a_field_that_is_there(string field, string fixedField) => VerifyFix.Turns(
        Rule,
        $"class Tested\n{{\n    // The key.\n    {field}\n    int Read(Context ctx) => ctx.Value(_key);\n}}",
        $"class Tested\n{{\n    // The key.\n    {fixedField}\n    int Read(Context ctx) => ctx.Value(_key);\n}}");

    [Theory]
    [InlineData("class C { int M(Context ctx, string name) => ctx.Value(new ContextKey<int>(name)); }")]
    [InlineData("class C { T? M<T>(Context ctx) => ctx.Value(new ContextKey<T>(\"key\")); }")]
    [InlineData("Console.WriteLine(Context.Background.Value(new ContextKey<int>(\"key\")));")]
    public Task Is_not_offered_where_a_field_cannot_know_the_key(string source) =>
        VerifyFix.IsNotOffered(Rule, source);

    [Fact]
    public async Task Fixes_a_hundred_at_once()
    {
        var methods = Enumerable.Range(0, 100)
            .Select(n => $"    int M{n}(Context ctx) => ctx.Value(new ContextKey<int>(\"number {n}\"));");

        var text = Assert.Single(await VerifyFix.AllAtOnce(
            Rule, [$"class Tested\n{{\n{string.Join('\n', methods)}\n}}\n"], FixAllScope.Document));

        Assert.Equal(100, text.Split("private static readonly ContextKey<int> s_number").Length - 1);
        await Verify.Silent(text);
    }
}
