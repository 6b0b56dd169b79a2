namespace Baton.AspNetCore.Tests;

public sealed class UseBatonTests
{
    [Fact]
    public void Without_AddBaton_it_fails_at_start_up_and_says_what_to_call()
    {
        var app = Server.Builder().Build();

        var thrown = Assert.Throws<InvalidOperationException>(() => app.UseBaton());

        Assert.Contains("Call builder.Services.AddBaton()", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentNullException>(() => default(IApplicationBuilder)!.UseBaton());
        Assert.Throws<ArgumentNullException>(() => default(IServiceCollection)!.AddBaton());
    }

    [Fact]
    public void Adding_the_services_twice_adds_them_once()
    {
        var services = new ServiceCollection();

        var count = services.AddBaton().Count;

        Assert.Equal(count, services.AddBaton().Count);
    }

    [Fact]
    public async Task Used_twice_it_does_the_same_as_once()
    {
        Context? byParameter = null, byProperty = null;
        await using var server = await Server.StartAsync(app =>
        {
            app.UseBaton();
            app.MapGet("/parameter", (Context ctx, HttpContext http) =>
            {
                byParameter = ctx;
                return ctx == http.RequestContext && !ctx.IsDone;
            });
            app.MapGet("/property", async (HttpContext http) =>
            {
                byProperty = http.RequestContext;
                await Task.Yield();
                return byProperty == http.RequestContext && !byProperty.IsDone;
            });
        });

        Assert.Equal("true", await server.Client.GetStringAsync("/parameter"));
        Assert.Equal("true", await server.Client.GetStringAsync("/property"));
        await WaitFor.True(() => byParameter!.IsDone && byProperty!.IsDone);
        Assert.IsType<RequestCompletedException>(byParameter!.Cause);
        Assert.IsType<RequestCompletedException>(byProperty!.Cause);
    }

    [Fact]
    public async Task Before_UseRouting_the_property_and_a_parameter_work_too()
    {
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.UseBaton();
                app.UseRouting();
                app.MapGet("/property", (HttpContext http) => http.RequestContext.IsDone);
                app.MapGet("/parameter", (Context ctx) => ctx.IsDone);
            });

        Assert.Equal("false", await server.Client.GetStringAsync("/parameter"));
        Assert.Equal("false", await server.Client.GetStringAsync("/property"));
    }

    [Fact]
    public async Task In_a_branch_it_serves_the_branch()
    {
        await using var server = await Server.StartBareAsync(app =>
            app.Map("/branch", branch =>
            {
                branch.UseBaton();
                branch.Run(http => http.Response.WriteAsync(http.RequestContext.ToString()));
            }));

        Assert.Equal("Background.WithCancel.WithCancel", await server.Client.GetStringAsync("/branch"));
    }

    [Fact]
    public async Task An_error_handler_that_runs_the_pipeline_again_gets_a_context_of_its_own()
    {
        Context? failed = null, handling = null;
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.UseExceptionHandler("/error");
                app.UseBaton();
                app.MapGet("/", (Context ctx) =>
                {
                    failed = ctx;
                    throw new InvalidOperationException("provoked");
                });
                app.MapGet("/error", (Context ctx, HttpContext http) =>
                {
                    handling = ctx;
                    return $"{failed!.IsDone} {ctx.IsDone} {ctx == http.RequestContext}";
                });
            },
            expectedError: "provoked");

        using var answer = await server.Client.GetAsync("/");

        Assert.Equal("True False True", await answer.Content.ReadAsStringAsync());
        Assert.NotSame(failed, handling);
        await WaitFor.True(() => handling!.IsDone);
        Assert.IsType<RequestCompletedException>(handling!.Cause);
    }
}
