namespace Baton.Analyzers.Tests.Flow;

public class CouldBePassedTests
{
    private const string Rule = "BTN112";

    private const string Grpc = """

        namespace Grpc.Core
        {
            public abstract class ServerCallContext
            {
                public CancellationToken CancellationToken => default;
            }
        }
        """;

    [Fact]
    public Task Reports_in_middleware() => Verify.Reports(Rule, """
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                await http.Response.[|WriteAsync|]("x");
                await next(http);
            }
        }
        """);

    [Fact]
    public Task Reports_with_a_request_and_a_response() => Verify.Reports(Rule, """
        static class Bodies
        {
            public static async Task<string> ReadAsync(HttpRequest request) =>
                await new StreamReader(request.Body).[|ReadToEndAsync|]();

            public static async Task Json(this HttpRequest request) => await request.[|ReadFromJsonAsync|]<string>();

            public static Task WriteAsync(HttpResponse response, string text) => response.[|WriteAsync|](text);
        }
        """);

    [Fact]
    public Task Reports_in_a_handler_that_is_mapped_to_a_route() => Verify.Reports(Rule, """
        var app = WebApplication.Create(args);
        app.UseBaton();
        app.MapGet("/", async (HttpContext http, HttpClient client) => await client.[|GetStringAsync|]("http://localhost/"));
        app.MapPost("/", async (HttpRequest request) => await request.[|ReadFromJsonAsync|]<string>());
        app.Use(async (http, next) =>
        {
            await Task.[|Delay|](1);
            await next(http);
        });
        app.Run();
        """);

    [Fact]
    public Task Reports_in_a_controller_a_page_and_a_view_component() => Verify.Reports(Rule, """
        using Microsoft.AspNetCore.Mvc.RazorPages;

        class Orders(HttpClient client) : ControllerBase
        {
            public Task<string> Get() => client.[|GetStringAsync|]("http://localhost/");
            private async Task Helper() { await Task.[|Delay|](1); }
        }

        class Page : PageModel
        {
            public async Task OnGetAsync() => await Task.[|Delay|](1);
        }

        class Menu : ViewComponent
        {
            public async Task<string> InvokeAsync() => await File.[|ReadAllTextAsync|]("menu");
        }
        """);

    [Fact]
    public Task Reports_in_a_hub() => Verify.Reports(Rule, """
        class Chat(HttpClient client) : Hub
        {
            public Task<string> Ask() => client.[|GetStringAsync|]("http://localhost/");

            public override async Task OnConnectedAsync()
            {
                await Task.[|Delay|](1);
                await base.OnConnectedAsync();
            }
        }

        static class Callers
        {
            public static Task WaitAsync(HubCallerContext caller) => Task.[|Delay|](caller.ConnectionId.Length);
        }
        """);

    [Fact]
    public Task Reports_in_a_service_of_gRPC() => Verify.Reports(Rule, """
        class Greeter
        {
            public async Task<string> SayHello(string name, Grpc.Core.ServerCallContext call)
            {
                await Task.[|Delay|](1);
                return name;
            }
        }
        """ + Grpc);

    [Fact]
    public Task Reports_in_a_filter() => Verify.Reports(Rule, """
        using Microsoft.AspNetCore.Mvc.Filters;

        class Audit : IAsyncActionFilter, IAsyncAuthorizationFilter
        {
            public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
            {
                await Task.[|Delay|](1);
                await next();
            }

            public async Task OnAuthorizationAsync(AuthorizationFilterContext context) =>
                await Task.[|Delay|](1);
        }
        """);

    [Fact]
    public Task Reports_in_a_service_that_keeps_the_accessor() => Verify.Reports(Rule, """
        class Tenants(IHttpContextAccessor accessor)
        {
            public string? Id => accessor.HttpContext?.TraceIdentifier;

            public Task<string> LoadAsync() => File.[|ReadAllTextAsync|]("tenant");
        }

        class Users
        {
            private readonly IHttpContextAccessor _accessor;

            public Users(IHttpContextAccessor accessor) => _accessor = accessor;

            public Task<string> LoadAsync() => File.[|ReadAllTextAsync|](_accessor.ToString()!);
        }

        abstract class Base
        {
            protected IHttpContextAccessor Accessor { get; init; } = null!;
        }

        class Derived : Base
        {
            public Task<string> LoadAsync() => File.[|ReadAllTextAsync|]("tenant");
        }
        """);

    [Fact]
    public Task Reports_where_the_request_is_a_local_or_is_captured() => Verify.Reports(Rule, """
        class Service
        {
            public async Task Handle(IHttpContextAccessor accessor)
            {
                if (accessor.HttpContext is { } http)
                {
                    await Task.[|Delay|](1);
                    await All(() => Task.[|Delay|](http.TraceIdentifier.Length));
                }
            }

            private static Task All(Func<Task> task) => task();
        }
        """);

    [Fact]
    public Task Reports_where_the_request_is_nearer_than_the_context_of_the_application() =>
        Verify.Reports(Rule, """
        using var stop = Context.Background.WithSignals();
        var app = WebApplication.Create(args);
        app.UseBaton();
        app.MapGet("/", async (HttpContext http) => await Task.[|Delay|](1));
        await app.StopAsync(stop);
        """);

    [Fact]
    public Task Reports_an_overload_that_takes_a_context_first() => Verify.Reports(Rule, """
        class Store
        {
            public Task SaveAsync(string name) => Task.CompletedTask;
            public Task SaveAsync(Context ctx, string name) => Task.CompletedTask;
        }

        class Orders(Store store) : ControllerBase
        {
            public Task Post(string name) => store.[|SaveAsync|](name);
        }
        """);

    [Fact]
    public Task Is_silent_where_a_token_is_at_hand_which_is_CA2016s() => Verify.Silent("""
        class Orders(HttpClient client) : ControllerBase
        {
            public Task<string> Get(CancellationToken token) => client.GetStringAsync("http://localhost/");
        }

        static class Handlers
        {
            public static async Task Handle(HttpContext http, CancellationToken token) => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Is_silent_where_the_callee_has_the_request() => Verify.Silent("""
        class Renderer
        {
            public Task RenderAsync(HttpContext http, CancellationToken token = default) => Task.CompletedTask;
            public Task RenderAsync(HttpResponse response, CancellationToken token = default) => Task.CompletedTask;
            public Task ReadAsync(HttpRequest request, CancellationToken token = default) => Task.CompletedTask;
        }

        static class Handlers
        {
            public static async Task Handle(HttpContext http, Renderer renderer)
            {
                await renderer.RenderAsync(http);
                await renderer.RenderAsync(http.Response);
                await renderer.ReadAsync(http.Request);
            }
        }
        """);

    [Fact]
    public Task Is_silent_while_the_object_is_made_and_in_static_members() => Verify.Silent("""
        class Orders : ControllerBase
        {
            private readonly Task _text = Task.Delay(1);
            private readonly Task _more;

            public Orders() => _more = Task.Delay(1);

            public static Task Shared() => Task.Delay(1);

            public string Get() => $"{_text} {_more}";
        }
        """);

    [Fact]
    public Task Is_silent_in_a_component_of_Blazor_and_in_a_hosted_service() => Verify.Silent("""
        using Microsoft.AspNetCore.Components;

        class Counter : ComponentBase
        {
            [Inject] public IHttpContextAccessor Accessor { get; set; } = null!;

            protected override async Task OnInitializedAsync() => await Task.Delay(1);
        }

        class Worker(IHttpContextAccessor accessor) : IHostedService
        {
            public async Task StartAsync(CancellationToken token) => await Work();
            public Task StopAsync(CancellationToken token) => Task.CompletedTask;
            private async Task Work() => await Task.Delay(accessor.GetHashCode());
        }
        """);
}
