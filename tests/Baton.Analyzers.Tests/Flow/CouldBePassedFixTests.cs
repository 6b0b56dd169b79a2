namespace Baton.Analyzers.Tests.Flow;

public class CouldBePassedFixTests
{
    private const string Rule = "BTN112";

    [Fact]
    public Task The_request_gives_its_context() => VerifyFix.Turns(Rule, """
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                await Task.Delay(1);
                await http.Response.WriteAsync("a");
                await next(http);
            }

            public static async Task<string> ReadAsync(HttpRequest request) =>
                await new StreamReader(request.Body).ReadToEndAsync();
        }

        class Orders : ControllerBase
        {
            public Task Get() => Task.Delay(1);
        }
        """, """
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                await Task.Delay(1, http.RequestContext);
                await http.Response.WriteAsync("a", http.RequestContext);
                await next(http);
            }

            public static async Task<string> ReadAsync(HttpRequest request) =>
                await new StreamReader(request.Body).ReadToEndAsync(request.HttpContext.RequestContext);
        }

        class Orders : ControllerBase
        {
            public Task Get() => Task.Delay(1, HttpContext.RequestContext);
        }
        """);

    [Fact]
    public Task An_accessor_gives_the_token_of_the_request_if_there_is_one() => VerifyFix.Turns(Rule, """
        class Store
        {
            public Task SaveAsync(string name) => Task.CompletedTask;
            public Task SaveAsync(Context ctx, string name) => Task.CompletedTask;
        }

        class Tenants(IHttpContextAccessor accessor, Store store)
        {
            public Task<string> LoadAsync() => File.ReadAllTextAsync("tenant");
            public Task SaveAsync() => store.SaveAsync(accessor.ToString()!);
        }

        static class Handlers
        {
            public static async Task Handle(HttpContext? http) => await Task.Delay(1);
        }
        """, """
        class Store
        {
            public Task SaveAsync(string name) => Task.CompletedTask;
            public Task SaveAsync(Context ctx, string name) => Task.CompletedTask;
        }

        class Tenants(IHttpContextAccessor accessor, Store store)
        {
            public Task<string> LoadAsync() => File.ReadAllTextAsync("tenant", accessor.HttpContext?.RequestAborted ?? default);
            public Task SaveAsync() => store.SaveAsync(Context.FromToken(accessor.HttpContext?.RequestAborted ?? default), accessor.ToString()!);
        }

        static class Handlers
        {
            public static async Task Handle(HttpContext? http) => await Task.Delay(1, http?.RequestAborted ?? default);
        }
        """);

    [Theory]
    [InlineData(
        "// A licence.\nusing Zoo;\n\nnamespace Tested;\n",
        "// A licence.\nusing Microsoft.AspNetCore.Http;\nusing Zoo;\n\nnamespace Tested;\n")]
    [InlineData(
        "using Alpha;\nusing Zoo;\n\nnamespace Tested;\n",
        "using Alpha;\nusing Microsoft.AspNetCore.Http;\nusing Zoo;\n\nnamespace Tested;\n")]
    [InlineData(
        "using Alpha;\nusing static System.Math;\n\nnamespace Tested;\n",
        "using Alpha;\nusing Microsoft.AspNetCore.Http;\nusing static System.Math;\n\nnamespace Tested;\n")]
    [InlineData(
        "// A licence.\nnamespace Tested;\n",
        "// A licence.\nusing Microsoft.AspNetCore.Http;\n\nnamespace Tested;\n")]
    public async Task The_fix_adds_the_using_that_its_name_needs(string top, string fixedTop)
    {
        const string Body = """

            internal class Orders : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                public System.Threading.Tasks.Task Get() => System.Threading.Tasks.Task.Delay(1);

                public async System.Threading.Tasks.Task Post()
                {
                    await System.Threading.Tasks.Task.Delay(1);
                    await System.Threading.Tasks.Task.Delay(2);
                }
            }
            """;
        var fixedBody = Body.Replace("Delay(1)", "Delay(1, HttpContext.RequestContext)", StringComparison.Ordinal)
            .Replace("Delay(2)", "Delay(2, HttpContext.RequestContext)", StringComparison.Ordinal);

        await VerifyFix.TurnsWithoutUsings(Rule, top + Body, fixedTop + fixedBody);
    }
}
