using System.Net.Http.Json;

namespace Baton.AspNetCore.Tests;

public sealed class ContextParameterTests
{
    [Fact]
    public async Task It_is_the_context_of_the_request()
    {
        await using var server = await Server.StartAsync(app =>
        {
            app.MapGet("/generated", (Context ctx, HttpContext http) => ctx == http.RequestContext);
            MapAtRunTime(app, "/runtime", (Context ctx, HttpContext http) => ctx == http.RequestContext);
        });

        Assert.Equal("true", await server.Client.GetStringAsync("/generated"));
        Assert.Equal("true", await server.Client.GetStringAsync("/runtime"));
    }

    [Fact]
    public async Task These_tests_bind_it_in_both_ways()
    {
        await using var server = await Server.StartAsync(app =>
        {
            app.MapGet("/generated", (Context ctx, HttpContext http) => !ctx.IsDone && IsGenerated(http));
            MapAtRunTime(
                app, "/runtime", (Context ctx, HttpContext http) => !ctx.IsDone && IsGenerated(http));
        });

        Assert.Equal("true", await server.Client.GetStringAsync("/generated"));
        Assert.Equal("false", await server.Client.GetStringAsync("/runtime"));

        static bool IsGenerated(HttpContext http) =>
            http.GetEndpoint()!.RequestDelegate!.Method.Module == typeof(ContextParameterTests).Module;
    }

    [Fact]
    public async Task It_stands_beside_parameters_from_everywhere_else_and_is_never_the_body()
    {
        await using var server = await Server.StartAsync(app =>
        {
            app.MapPost(
                "/generated/{id}", (int id, Context ctx, string q, Note note, IServiceProvider services) =>
                    $"{id} {q} {note.Text} {services is not null} {ctx}");
            MapAtRunTime(app, "/runtime/{id}", post: true,
                handler: (int id, Context ctx, string q, Note note, IServiceProvider services) =>
                    $"{id} {q} {note.Text} {services is not null} {ctx}");
        });

        foreach (var kind in new[] { "generated", "runtime" })
        {
            using var answer = await server.Client.PostAsJsonAsync($"/{kind}/7?q=x", new Note("hello"));
            Assert.Equal(
                "7 x hello True Background.WithCancel.WithCancel", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task It_may_be_alone_in_a_handler_that_could_have_a_body()
    {
        await using var server = await Server.StartAsync(app =>
        {
            app.MapPost("/generated", (Context ctx) => ctx.ToString());
            MapAtRunTime(app, "/runtime", post: true, handler: (Context ctx) => ctx.ToString());
        });

        foreach (var kind in new[] { "generated", "runtime" })
        {
            using var answer = await server.Client.PostAsync($"/{kind}", null);
            Assert.Equal("Background.WithCancel.WithCancel", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task It_may_be_nullable_a_member_of_AsParameters_or_taken_by_a_handler_in_a_group()
    {
        await using var server = await Server.StartAsync(app =>
        {
            app.MapGet("/nullable", (Context? ctx, HttpContext http) => ctx == http.RequestContext);
            MapAtRunTime(
                app, "/nullable-runtime", (Context? ctx, HttpContext http) => ctx == http.RequestContext);
            app.MapGet(
                "/members", ([AsParameters] Members all, HttpContext http) => all.Ctx == http.RequestContext);
            MapAtRunTime(
                app, "/members-runtime", ([AsParameters] Members all, HttpContext http) =>
                    all.Ctx == http.RequestContext);
            app.MapGroup("/group").MapGet(
                "/member", (Context ctx, HttpContext http) => ctx == http.RequestContext);
        });

        Assert.Equal("true", await server.Client.GetStringAsync("/nullable"));
        Assert.Equal("true", await server.Client.GetStringAsync("/nullable-runtime"));
        Assert.Equal("true", await server.Client.GetStringAsync("/members?name=x"));
        Assert.Equal("true", await server.Client.GetStringAsync("/members-runtime?name=x"));
        Assert.Equal("true", await server.Client.GetStringAsync("/group/member"));
    }

    [Fact]
    public async Task Filters_and_services_of_the_handler_get_the_same()
    {
        await using var server = await Server.StartAsync(
            app => app
                .MapGet("/", (Context ctx, Repository repository) => ctx == repository.Ctx)
                .AddEndpointFilter(async (call, next) =>
                    call.GetArgument<Context>(0) == call.HttpContext.RequestContext
                        ? await next(call)
                        : "another"),
            builder => builder.Services.AddScoped<Repository>());

        Assert.Equal("true", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task For_a_handler_that_takes_none_the_services_get_it_all_the_same()
    {
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", (IServiceProvider services, HttpContext http) =>
                services.GetRequiredService<Repository>().Ctx == http.RequestContext),
            builder => builder.Services.AddScoped<Repository>());

        Assert.Equal("true", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task It_goes_where_a_token_goes()
    {
        await using var server = await Server.StartAsync(app =>
            app.MapGet("/", async (Context ctx, HttpResponse response) =>
                await response.WriteAsync("hello\n", ctx)));

        Assert.Equal("hello\n", await server.Client.GetStringAsync("/"));
    }

    /// <summary>The source generator does not see the handler, so it is bound at run time.</summary>
    private static void MapAtRunTime(
        WebApplication app, string pattern, Delegate handler, bool post = false) =>
#pragma warning disable RDG002 // … and warns that it does not.
        app.MapMethods(pattern, [post ? "POST" : "GET"], handler);
#pragma warning restore RDG002

    public sealed record Note(string Text);

    public sealed class Repository(Context ctx)
    {
        public Context Ctx { get; } = ctx;
    }

    public sealed class Members
    {
        public required string Name { get; init; }

        public required Context Ctx { get; init; }
    }
}
