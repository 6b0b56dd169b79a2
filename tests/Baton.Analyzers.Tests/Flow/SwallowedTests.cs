namespace Baton.Analyzers.Tests.Flow;

public class SwallowedTests
{
    private const string Rule = "BTN106";

    [Fact]
    public Task Reports_a_catch_of_everything() => Verify.Reports(Rule, Body("""
        try
        {
            await Do.Work(ctx);
        }
        [|catch|] (Exception e)
        {
            Console.WriteLine(e);
        }
        """));

    [Fact]
    public Task Reports_a_bare_catch_and_an_empty_one() => Verify.Reports(Rule, Body("""
        try
        {
            await Do.Work(ctx);
        }
        [|catch|]
        {
        }

        try
        {
            await Do.Work(ctx);
        }
        [|catch|] (Exception)
        {
        }
        """));

    [Fact]
    public Task Reports_around_a_call_given_the_token() => Verify.Reports(Rule, Body("""
        try
        {
            await Do.Fetch("a", ctx);
        }
        [|catch|] (Exception e)
        {
            Console.WriteLine(e);
        }

        try
        {
            await Do.Fetch("a", ctx.Done);
        }
        [|catch|] (SystemException e)
        {
            Console.WriteLine(e);
        }
        """));

    [Fact]
    public Task Reports_around_a_call_given_a_child() => Verify.Reports(Rule, Body("""
        using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));
        try
        {
            await Do.Work(child);
        }
        [|catch|] (Exception e)
        {
            Console.WriteLine(e);
        }
        """));

    [Fact]
    public Task Reports_around_waits_of_the_context_itself() => Verify.Reports(Rule, Body("""
        try
        {
            await ctx.Delay(TimeSpan.FromSeconds(1));
        }
        [|catch|] (Exception e)
        {
            Console.WriteLine(e);
        }

        try
        {
            await ctx.WaitAsync(Do.Plain());
        }
        [|catch|] (Exception e)
        {
            Console.WriteLine(e);
        }
        """));

    [Fact]
    public Task Reports_one_that_goes_on_with_the_next_item() => Verify.Reports(Rule, Body("""
        foreach (var item in new[] { 1, 2 })
        {
            try
            {
                await Do.Work(ctx, item);
            }
            [|catch|] (Exception e)
            {
                Console.WriteLine(e);
                continue;
            }
        }
        """));

    [Fact]
    public Task Reports_one_after_catches_of_other_exceptions() => Verify.Reports(Rule, Body("""
        try
        {
            await Do.Work(ctx);
        }
        catch (IOException)
        {
            throw;
        }
        [|catch|] (Exception e)
        {
            Console.WriteLine(e);
        }
        """));

    [Fact]
    public Task Reports_in_lambdas_and_local_functions() => Verify.Reports(Rule, Body("""
        await using var group = ctx.{|BTN109:Group|}();
        group.Go(async ctx =>
        {
            try
            {
                await Do.Work(ctx);
            }
            [|catch|] (Exception e)
            {
                Console.WriteLine(e);
            }
        });
        await Local();

        async Task Local()
        {
            try
            {
                await Do.Work(ctx);
            }
            [|catch|] (Exception e)
            {
                Console.WriteLine(e);
            }
        }
        """));

    [Fact]
    public Task Reports_around_a_call_given_the_request() => Verify.Reports(Rule, """
        class Middleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                try
                {
                    await Do.Fetch("a", http.RequestAborted);
                }
                [|catch|] (Exception e)
                {
                    Console.WriteLine(e);
                }

                await next(http);
            }
        }
        """ + Do);

    [Fact]
    public Task Reports_one_that_leaves_on_some_paths_only() => Verify.Reports(Rule, Body("""
        try
        {
            await Do.Work(ctx);
        }
        [|catch|] (Exception e)
        {
            if (e.Message.Length == 0)
            {
                return;
            }

            Console.WriteLine(e);
        }

        Console.WriteLine("on");
        """));

    [Fact]
    public Task Reports_in_top_level_statements() => Verify.Reports(Rule, """
        using var ctx = Context.Background.WithSignals();
        try
        {
            await Do.Work(ctx);
        }
        [|catch|] (Exception e)
        {
            Console.WriteLine(e);
        }
        """ + Do);

    internal static string Body(string statements) =>
        "class Handler\n{\n    public async Task Handle(Context ctx)\n    {\n" + statements + "\n    }\n}\n" + Do;

    internal const string Do = """

        static class Do
        {
            public static Task Work(Context ctx, int number = 0) => Task.CompletedTask;
            public static Task Plain() => Task.CompletedTask;
            public static Task Fetch(string url, CancellationToken token) => Task.CompletedTask;
        }
        """;

    [Fact]
    public Task Reports_in_a_foreach_that_asked_for_its_items_with_the_context() => Verify.Reports(Rule, """
        class Handler
        {
            public async Task Handle(Context ctx)
            {
                foreach (var item in await Items(ctx))
                {
                    try
                    {
                        await Do.Work(ctx, item);
                    }
                    [|catch|] (Exception e)
                    {
                        Console.WriteLine(e);
                    }

                    Console.WriteLine(item);
                }

                foreach (var item in await Items(ctx))
                {
                    try
                    {
                        await Do.Work(ctx, item);
                    }
                    [|catch|] (Exception)
                    {
                        continue;
                    }

                    await Do.Work(ctx, item);
                }
            }

            private static Task<int[]> Items(Context ctx) => Task.FromResult(new[] { ctx.IsDone ? 1 : 2 });
        }
        """ + Do);

    [Fact]
    public Task Reports_in_middleware_that_swallows_what_the_rest_of_the_pipeline_throws() => Verify.Reports(Rule, """
        class Errors(RequestDelegate next, ILogger<Errors> logger)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                try
                {
                    await next(http);
                }
                [|catch|] (Exception e)
                {
                    logger.LogError(e, "failed");
                    http.Response.StatusCode = 500;
                }
            }
        }

        static class Pipeline
        {
            public static void Map(WebApplication app)
            {
                app.UseBaton();
                app.Use(async (http, next) =>
                {
                    try
                    {
                        await next(http);
                    }
                    [|catch|] (Exception)
                    {
                        http.Response.StatusCode = 500;
                    }
                });
            }
        }
        """);
}
