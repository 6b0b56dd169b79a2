using System.Text;

namespace Baton.AspNetCore.Tests;

public sealed class CompletionTests
{
    public static TheoryData<string> Handlers => [
        "/parameter", "/parameter-throws", "/waits", "/waits-then-throws", "/at-once",
        "/at-once-throws", "/body"];

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task The_context_has_ended_when_the_handler_has_returned_or_thrown(string path)
    {
        Context? ctx = null, child = null;
        var isDone = false;
        var returned = new TaskCompletionSource();
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.Use(async (http, next) =>
                {
                    try
                    {
                        await next(http);
                    }
                    finally
                    {
                        isDone = ctx!.IsDone;
                        returned.SetResult();
                    }
                });
                app.UseBaton();
                app.MapGet("/parameter", (Context given) => Keep(given));
                app.MapGet("/parameter-throws", (Context given) =>
                {
                    Keep(given);
                    throw new InvalidOperationException("provoked");
                });
                app.MapGet("/waits", async (HttpContext http) =>
                {
                    Keep(http.RequestContext);
                    await Task.Yield();
                });
                app.MapGet("/waits-then-throws", async (HttpContext http) =>
                {
                    Keep(http.RequestContext);
                    await Task.Yield();
                    throw new InvalidOperationException("provoked");
                });
                app.MapGet("/at-once", (HttpContext http) => Keep(http.RequestContext));
                app.MapGet("/at-once-throws", (HttpContext http) =>
                {
                    Keep(http.RequestContext);
                    throw new InvalidOperationException("provoked");
                });
                app.MapPost("/body", (ContextParameterTests.Note note, Context given) =>
                {
                    Assert.Equal("hello", note.Text);
                    Keep(given);
                });
            },
            expectedError: "provoked");

        using var body = new StringContent("""{"Text":"hello"}""", Encoding.UTF8, "application/json");
        using var answer = path == "/body"
            ? await server.Client.PostAsync(path, body)
            : await server.Client.GetAsync(path);
        await WaitFor.Completion(returned.Task);

        Assert.True(isDone);
        Assert.Equal(path.EndsWith("throws", StringComparison.Ordinal) ? 500 : 200, (int)answer.StatusCode);
        Assert.IsType<RequestCompletedException>(ctx!.Cause);
        Assert.Equal("context canceled", ctx.Err!.Message);
        Assert.Same(ctx.Cause, child!.Cause);

        void Keep(Context given)
        {
            Assert.False(given.IsDone);
            child = given.WithCancel();
            ctx = given;
        }
    }

    [Fact]
    public async Task One_first_asked_for_between_two_waits_ends_when_the_response_has_been_sent()
    {
        Context? ctx = null;
        var isDone = true;
        await using var server = await Server.StartAsync(app =>
            app.MapGet("/", async (HttpContext http) =>
            {
                await Task.Yield();
                ctx = http.RequestContext;
                await Task.Yield();
                isDone = ctx.IsDone;
            }));

        await server.Client.GetStringAsync("/");
        await WaitFor.True(() => ctx!.IsDone);

        Assert.False(isDone);
        Assert.IsType<RequestCompletedException>(ctx!.Cause);
    }

    [Fact]
    public async Task The_end_does_not_cut_a_response_that_the_client_takes_its_time_to_read()
    {
        const int Length = 60_000;
        var given = new TaskCompletionSource<Context>();
        await using var server = await Server.StartAsync(app =>
            app.MapGet("/", async (Context ctx, HttpResponse response) =>
            {
                // Within what the server buffers: written, as far as the handler can see, long before it is
                // read.
                response.ContentLength = Length;
                await response.Body.WriteAsync(new byte[Length], ctx);
                given.SetResult(ctx);
            }));

        using var client = await server.AskAsync("/");
        var ctx = await WaitFor.Result(given.Task);
        await WaitFor.True(() => ctx.IsDone);
        var read = 0;
        for (var buffer = new byte[1000]; read < Length;)
        {
            var count = await client.ReceiveAsync(buffer);
            Assert.NotEqual(0, count);
            read += count;
        }

        Assert.IsType<RequestCompletedException>(ctx.Cause);
    }

    [Fact]
    public async Task A_task_left_behind_sees_that_the_request_is_over()
    {
        var seen = new TaskCompletionSource<Exception?>();
        await using var server = await Server.StartAsync(app =>
            app.MapGet("/", (Context ctx) => { _ = LeftBehind(ctx); }));

        await server.Client.GetStringAsync("/");

        Assert.IsType<RequestCompletedException>(await WaitFor.Result(seen.Task));

        async Task LeftBehind(Context ctx)
        {
            var thrown = await Assert.ThrowsAsync<ContextCanceledException>(() =>
                ctx.Delay(TimeSpan.FromHours(1)));
            seen.SetResult(thrown.InnerException);
        }
    }

    [Fact]
    public async Task Whoever_comes_after_the_handler_can_read_why_it_ended()
    {
        Exception? read = null;
        var returned = new TaskCompletionSource();
        await using var server = await Server.StartBareAsync(app =>
        {
            app.Use(async (http, next) =>
            {
                await next(http);
                read = http.RequestContext.Cause;
                returned.SetResult();
            });
            app.UseBaton();
            app.MapGet("/", (Context ctx) => ctx.IsDone);
        });

        Assert.Equal("false", await server.Client.GetStringAsync("/"));
        await WaitFor.Completion(returned.Task);

        Assert.IsType<RequestCompletedException>(read);
    }
}
