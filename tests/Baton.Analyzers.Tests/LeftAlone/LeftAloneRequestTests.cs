namespace Baton.Analyzers.Tests.LeftAlone;

/// <summary>Code before the request has its context, where there is none, and after its handler has ended.</summary>
public class LeftAloneRequestTests
{
    private const string Rule = "BTN112";

    [Fact]
    public Task Is_silent_where_the_request_has_no_context_yet() => Verify.Silent("""
        using Microsoft.AspNetCore.Mvc.ActionConstraints;
        using Microsoft.AspNetCore.Mvc.Routing;
        using Microsoft.AspNetCore.Localization;
        using Microsoft.AspNetCore.Routing;
        using Microsoft.AspNetCore.Routing.Matching;

        class Pages : DynamicRouteValueTransformer
        {
            public override async ValueTask<RouteValueDictionary> TransformAsync(HttpContext httpContext, RouteValueDictionary values)
            {
                await Task.Delay(1);
                return values;
            }
        }

        class Known : IRouteConstraint
        {
            public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
                Task.CompletedTask.Wait(100);
        }

        class Beta : IActionConstraint
        {
            public int Order => 0;
            public bool Accept(ActionConstraintContext context) => Ask(context.RouteContext.HttpContext);
            private static bool Ask(HttpContext http) => Task.CompletedTask.Wait(100);
        }

        class Policy : MatcherPolicy, IEndpointSelectorPolicy
        {
            public override int Order => 0;
            public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;
            public async Task ApplyAsync(HttpContext httpContext, CandidateSet candidates) => await Task.Delay(1);
        }

        class Culture : RequestCultureProvider
        {
            public override async Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext)
            {
                await Task.Delay(1);
                return null;
            }
        }

        class Filter : IStartupFilter
        {
            public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
            {
                app.Use(async (http, go) =>
                {
                    await Task.Delay(1);
                    await go(http);
                });
                next(app);
            };
        }
        """.Replace("class Filter : IStartupFilter", "class Filter : Microsoft.AspNetCore.Hosting.IStartupFilter", StringComparison.Ordinal));

    [Fact]
    public Task Is_silent_in_middleware_that_is_added_before_UseBaton_and_not_in_later_one() => Verify.Reports(Rule, """
        var app = WebApplication.Create(args);
        app.UseMiddleware<Early>();
        app.UseTenants();
        app.Use(async (http, next) =>
        {
            await Task.Delay(1);
            await next(http);
        });
        app.Map("/raw", branch => branch.Run(async http => await Task.Delay(1)));
        app.MapGet("/", async (HttpContext http) => await Task.[|Delay|](1));
        app.UseBaton();
        app.UseMiddleware<Late>();
        app.Use(async (http, next) =>
        {
            await Task.[|Delay|](1);
            await next(http);
        });
        app.Run();

        class Early(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                await Task.Delay(1);
                await next(http);
            }
        }

        class Tenants(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                await Task.Delay(1);
                await next(http);
            }
        }

        class Late(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                await Task.[|Delay|](1);
                await next(http);
            }
        }

        static class Extensions
        {
            public static void UseTenants(this IApplicationBuilder app) => app.UseMiddleware<Tenants>();
        }
        """);

    [Fact]
    public Task Is_silent_in_a_stub_server_of_a_test_and_on_a_request_that_the_code_made() => Verify.Silent("""
        class FactAttribute : Attribute;

        class Tests
        {
            [Fact]
            public void The_client_asks()
            {
                var app = WebApplication.Create();
                app.MapGet("/", async (HttpContext http) => await Task.Delay(1));
            }
        }

        class Maker
        {
            public static async Task Make()
            {
                var http = new DefaultHttpContext();
                await Task.Delay(http.GetHashCode());
            }
        }
        """);

    [Theory]
    [InlineData("http.Response.OnCompleted(async () => await Task.Delay(1));")]
    [InlineData("http.Response.OnStarting(() => Task.Delay(1));")]
    [InlineData("http.Response.OnStarting(async state => await Task.Delay(1), this);")]
    [InlineData("await next(http); await Task.Delay(1);")]
    [InlineData("await next.Invoke(http); if (http.Response.StatusCode == 404) { await http.Response.WriteAsync(\"not found\"); }")]
    [InlineData("try { await next(http); } finally { await Task.Delay(1); }")]
    [InlineData("using (var x = new MemoryStream()) { await next(http); } await Task.Delay(1);")]
    [InlineData("await next(http); await After(); async Task After() => await Task.Delay(1);")]
    [InlineData("try { await next(http); } catch (KeyNotFoundException) { await http.Response.WriteAsync(\"not found\"); }")]
    [InlineData("try { await next(http); } catch (Exception e) { await Tell(http, e.Message); }",
        "private static async Task Tell(HttpContext http, string text) => await http.Response.WriteAsync(text);")]
    [InlineData("try { await next(http); } catch (Exception e) { await Tell(http, e.Message); }",
        "private static Task Tell(HttpContext http, string text) => More(http, text); private static async Task More(HttpContext http, string text) => await http.Response.WriteAsync(text);")]
    public Task Is_silent_when_the_request_has_been_handled(string statements, string members = "") => Verify.Silent($$"""
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                {{statements}}
            }

            {{members}}
        }

        class WithContext(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http, Context ctx)
            {
                ctx.ThrowIfDone();
                {{statements}}
            }

            {{members}}
        }
        """.Replace("catch (Exception e)", "catch (Exception e) when (e is not OperationCanceledException)", StringComparison.Ordinal));

    [Theory]
    [InlineData("if (http.Request.Path == \"/x\") { await next(http); return; } await Task.[|Delay|](1);")]
    [InlineData("if (http.Request.Path == \"/x\") await next(http); else await Task.[|Delay|](1);")]
    [InlineData("await Task.[|Delay|](1); await next(http);")]
    [InlineData("Func<Task> later = () => next(http); await Task.[|Delay|](1); await later();")]
    public Task Reports_what_runs_before_the_rest_of_the_pipeline(string statements) => Verify.Reports(Rule, $$"""
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                {{statements}}
            }
        }
        """);

    [Fact]
    public Task Is_silent_behind_the_other_delegates_of_a_pipeline() => Verify.Silent("""
        using Microsoft.AspNetCore.Mvc.Filters;

        class UnitOfWork : IAsyncActionFilter, IAsyncResultFilter, IResultFilter
        {
            public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
            {
                var done = await next();
                await Task.Delay(1);
            }

            public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
            {
                await next();
                await Task.Delay(1);
            }

            public void OnResultExecuting(ResultExecutingContext context) { }
            public void OnResultExecuted(ResultExecutedContext context) => Task.CompletedTask.Wait();
        }

        static class Endpoints
        {
            public static void Map(WebApplication app)
            {
                app.UseBaton();
                app.Use(async (HttpContext http, Func<Task> next) =>
                {
                    await next();
                    await Task.Delay(1);
                });
            }
        }
        """);

    [Fact]
    public Task Is_silent_in_what_handles_errors() => Verify.Silent("""
        using Microsoft.AspNetCore.Diagnostics;
        using Microsoft.AspNetCore.Mvc.Filters;

        class Handler : IExceptionHandler
        {
            public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
            {
                await Write(httpContext);
                return true;
            }

            private static async Task Write(HttpContext http) => await http.Response.WriteAsync("error");
        }

        class Filter : ExceptionFilterAttribute
        {
            public override async Task OnExceptionAsync(ExceptionContext context) => await Task.Delay(1);
        }

        static class Errors
        {
            public static void Map(WebApplication app)
            {
                app.UseExceptionHandler(error => error.Run(async http => await http.Response.WriteAsync("error")));
                app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = async http => await http.Response.WriteAsync("error") });
                app.UseStatusCodePages(async status =>
                {
                    var http = status.HttpContext;
                    await http.Response.WriteAsync("error");
                });
            }

            public static async Task WriteError(HttpContext http)
            {
                var error = http.Features.Get<IExceptionHandlerFeature>();
                await http.Response.WriteAsync(error?.Error.Message ?? "");
            }

            public static async Task WriteAsync(HttpContext http, InvalidOperationException e) =>
                await http.Response.WriteAsync(e.Message);
        }
        """);
}
