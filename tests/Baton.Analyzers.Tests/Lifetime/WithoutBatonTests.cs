namespace Baton.Analyzers.Tests.Lifetime;

public class WithoutBatonTests
{
    private const string Rule = "BTN006";

    private const string Program = """
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();

        """;

    [Theory]
    [InlineData("app.MapGet(\"/\", (Context [|ctx|]) => ctx.ToString());")]
    [InlineData("app.MapPost(\"/\", async (Context [|ctx|], string name) => await ctx.Delay(TimeSpan.FromSeconds(name.Length)));")]
    [InlineData("app.MapPut(\"/\", delegate (Context [|ctx|]) { return ctx.ToString(); });")]
    [InlineData("app.MapMethods(\"/\", [\"PATCH\"], (Context [|ctx|]) => ctx.ToString());")]
    [InlineData("app.MapGroup(\"/x\").MapDelete(\"/\", (Context [|ctx|]) => ctx.ToString());")]
    [InlineData("app.MapGet(\"/\", Handle); string Handle(Context [|ctx|]) => ctx.ToString();")]
    [InlineData("app.MapGet(\"/\", Handlers.Get); static class Handlers { public static string Get(Context [|ctx|]) => ctx.ToString(); }")]
    [InlineData("app.MapFallback((Context [|ctx|]) => ctx.ToString());")]
    [InlineData("app.MapControllers(); class Orders : ControllerBase { public string Get(Context [|ctx|]) => ctx.ToString(); }")]
    [InlineData("app.MapControllers(); [ApiController] class Orders { public string Get(Context [|ctx|], int id) => ctx.ToString() + id; }")]
    [InlineData("app.MapHub<Chat>(\"/chat\"); class Chat : Hub { public Task Say(Baton.Context [|ctx|], string text) => ctx.Delay(TimeSpan.FromSeconds(text.Length)); }")]
    [InlineData("app.MapRazorPages(); class Page : Microsoft.AspNetCore.Mvc.RazorPages.PageModel { public void OnGet(Context [|ctx|]) => ctx.ThrowIfDone(); }")]
    [InlineData("app.MapGet(\"/\", ([FromServices] Context [|ctx|]) => ctx.ToString());")]
    public Task Reports_a_handler_that_takes_a_context(string code) => Verify.Reports(Rule, Program + code);

    [Theory]
    [InlineData("app.UseBaton(); app.MapGet(\"/\", (Context ctx) => ctx.ToString());")]
    [InlineData("builder.Services.AddBaton(); app.MapGet(\"/\", (Context ctx) => ctx.ToString());")]
    [InlineData("app.MapGet(\"/\", (Context ctx) => ctx.ToString()); Startup.Configure(app); static class Startup { public static void Configure(WebApplication app) => app.UseBaton(); }")]
    [InlineData("app.MapGet(\"/\", (HttpContext http) => http.TraceIdentifier);")]
    [InlineData("app.MapGet(\"/\", () => Make(Context.Background)); string Make(Context ctx) => ctx.ToString();")]
    [InlineData("app.MapGet(\"/\", (Services.Context context) => context.ToString()); namespace Services { class Context; }")]
    [InlineData("class Orders : ControllerBase { [NonAction] public string Get(Context ctx) => ctx.ToString(); }")]
    [InlineData("class Orders : ControllerBase { private string Get(Context ctx) => ctx.ToString(); public string Put() => Get(Context.{|BTN102:Todo|}); }")]
    [InlineData("class Orders : ControllerBase { public static string Get(Context ctx) => ctx.ToString(); }")]
    [InlineData("class Orders { public string Get(Context ctx) => ctx.ToString(); }")]
    [InlineData("abstract class Base : ControllerBase { public string Get(Context ctx) => ctx.ToString(); }")]
    public Task Is_silent_where_Baton_is_added_or_no_handler_takes_a_context(string code) => Verify.Silent(
        Program + code.Replace("Context.{|BTN102:Todo|}", "{|BTN102:Context.Todo|}", StringComparison.Ordinal));

    [Fact]
    public Task Is_silent_in_a_library() => Verify.Silent("""
        public class Orders : ControllerBase
        {
            public string Get(Context ctx) => ctx.ToString();
        }

        public static class Routes
        {
            public static void Map(WebApplication app) => app.MapGet("/", (Context ctx) => ctx.ToString());
        }
        """);
}
