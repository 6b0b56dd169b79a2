namespace Baton.Analyzers.Tests.Flow;

public class SwallowedSilenceTests
{
    [Fact]
    public Task Is_silent_on_one_that_throws() => Verify.Silent(SwallowedTests.Body("""
        try
        {
            await Do.Work(ctx);
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
            throw;
        }

        try
        {
            await Do.Work(ctx);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException("The work failed.", e);
        }
        """));

    [Fact]
    public Task Is_silent_on_one_that_lets_another_method_throw() => Verify.Silent(SwallowedTests.Body("""
        try
        {
            await Do.Work(ctx);
        }
        catch (Exception e)
        {
            Throw.Failure(e);
        }
        """) + """

        static class Throw
        {
            [System.Diagnostics.CodeAnalysis.DoesNotReturn]
            public static void Failure(Exception e) => throw new InvalidOperationException("The work failed.", e);
        }
        """);

    [Fact]
    public Task Is_silent_where_another_failure_goes_before() => Verify.Silent(SwallowedTests.Body("""
        try
        {
            await Do.Work(ctx);
        }
        catch (IOException failure)
        {
            try
            {
                await Do.Work(ctx);
            }
            catch (Exception e)
            {
                Console.WriteLine(e);
            }

            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure).Throw();
            throw;
        }
        """));

    [Fact]
    public Task Is_silent_on_filters() => Verify.Silent(SwallowedTests.Body("""
        try
        {
            await Do.Work(ctx);
        }
        catch (Exception e) when (!ctx.IsDone)
        {
            Console.WriteLine(e);
        }

        try
        {
            await Do.Work(ctx);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Console.WriteLine(e);
        }
        """));

    [Fact]
    public Task Is_silent_on_one_that_asks() => Verify.Silent(SwallowedTests.Body("""
        try
        {
            await Do.Work(ctx);
        }
        catch (Exception e)
        {
            Console.WriteLine(ctx.IsDone ? "late" : e.Message);
        }

        try
        {
            await Do.Work(ctx);
        }
        catch (Exception e)
        {
            Console.WriteLine(e is OperationCanceledException ? "canceled" : e.Message);
        }
        """));

    [Fact]
    public Task Is_silent_on_one_that_leaves() => Verify.Silent("""
        class Handler
        {
            public async Task<bool> Handle(Context ctx)
            {
                try
                {
                    await Do.Work(ctx);
                    return true;
                }
                catch (Exception e)
                {
                    Console.WriteLine(e);
                    return false;
                }
            }

            public async Task All(Context ctx, int[] items)
            {
                foreach (var item in items)
                {
                    try
                    {
                        await Do.Work(ctx, item);
                    }
                    catch
                    {
                        break;
                    }
                }
            }
        }
        """ + SwallowedTests.Do);

    [Fact]
    public Task Is_silent_after_a_catch_of_cancellations() => Verify.Silent(SwallowedTests.Body("""
        try
        {
            await Do.Work(ctx);
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
        }

        try
        {
            await Do.Work(ctx);
        }
        catch (OperationCanceledException) when (ctx.IsDone)
        {
            return;
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
        }
        """));

    [Fact]
    public Task Is_silent_in_a_loop_that_looks() => Verify.Silent(SwallowedTests.Body("""
        while (!ctx.IsDone)
        {
            try
            {
                await Do.Work(ctx);
            }
            catch (Exception e)
            {
                Console.WriteLine(e);
            }
        }

        while (true)
        {
            ctx.ThrowIfDone();
            try
            {
                await Do.Work(ctx);
            }
            catch (Exception e)
            {
                Console.WriteLine(e);
            }
        }
        """));

    [Fact]
    public Task Is_silent_where_the_context_is_looked_at_next() => Verify.Silent(SwallowedTests.Body("""
        try
        {
            await Do.Work(ctx);
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
        }

        ctx.ThrowIfDone();
        """));

    [Fact]
    public Task Is_silent_around_calls_without_the_context() => Verify.Silent(SwallowedTests.Body("""
        ctx.ThrowIfDone();
        try
        {
            await Do.Plain();
            await Do.Work(ctx.WithoutCancel());
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
        }
        """));

    [Fact]
    public Task Is_silent_without_a_context_in_scope() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(CancellationToken token)
            {
                try
                {
                    await Do.Fetch("a", token);
                    await Do.Work(Context.Background);
                }
                catch (Exception e)
                {
                    Console.WriteLine(e);
                }
            }
        }
        """ + SwallowedTests.Do);

    [Fact]
    public Task Is_silent_on_an_exception_that_is_handed_over() => Verify.Silent(SwallowedTests.Body("""
        var outcome = new TaskCompletionSource();
        Exception? failure = null;
        try
        {
            await Do.Work(ctx);
        }
        catch (Exception e)
        {
            outcome.TrySetException(e);
        }

        try
        {
            await Do.Work(ctx);
        }
        catch (Exception e)
        {
            failure = e;
        }

        Console.WriteLine(failure);
        """));

    [Fact]
    public Task Is_silent_in_cleanup() => Verify.Silent(SwallowedTests.Body("""
        try
        {
            await Do.Work(ctx);
        }
        finally
        {
            try
            {
                await Do.Work(ctx);
            }
            catch (Exception e)
            {
                Console.WriteLine(e);
            }
        }
        """));

    [Fact]
    public Task Is_silent_in_middleware_that_lets_cancellations_through() => Verify.Silent("""
        class Errors(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext http)
            {
                try
                {
                    await next(http);
                }
                catch (Exception) when (!http.RequestContext.IsDone)
                {
                    http.Response.StatusCode = 500;
                }

                try
                {
                    await next(http);
                }
                catch (OperationCanceledException)
                {
                    throw;
                }
                catch (Exception)
                {
                    http.Response.StatusCode = 500;
                }
            }
        }
        """);

    [Fact]
    public Task Is_silent_in_a_foreach_whose_next_pass_looks() => Verify.Silent("""
        class Handler
        {
            public async Task Handle(Context ctx, IAsyncEnumerable<int> items, int[] numbers)
            {
                foreach (var number in numbers)
                {
                    ctx.ThrowIfDone();
                    try
                    {
                        await Do.Work(ctx, number);
                    }
                    catch (Exception)
                    {
                        continue;
                    }
                }

                await foreach (var item in items.WithCancellation(ctx))
                {
                    try
                    {
                        await Do.Work(ctx, item);
                    }
                    catch (Exception e)
                    {
                        Console.WriteLine(e);
                    }
                }
            }
        }
        """ + SwallowedTests.Do);
}
