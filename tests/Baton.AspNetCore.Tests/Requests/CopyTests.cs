using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// Requests that are made within a request, with a copy of its features, as handlers of batches make them.
/// </summary>
public sealed class CopyTests
{
    private static readonly ContextKey<string> s_key = new("key");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_set_on_a_copy_is_the_copys_own(bool isShallow)
    {
        await using var server = await StartAsync((ctx, http) =>
        {
            var (one, other) = (Copy(http, isShallow), Copy(http, isShallow));
            Assert.Same(ctx, one.RequestContext);
            Assert.Equal(ctx.Done, one.RequestAborted);

            one.RequestContext = one.RequestContext.WithValue(s_key, "one");
            other.RequestContext = other.RequestContext.WithValue(s_key, "other");
            one.RequestContext = one.RequestContext.WithTimeout(TimeSpan.FromHours(1));

            Assert.Equal("one", one.RequestContext.Value(s_key));
            Assert.Equal("one", Context.FromToken(one.RequestAborted).Value(s_key));
            Assert.NotNull(one.RequestContext.Deadline);
            Assert.Equal("other", other.RequestContext.Value(s_key));
            Assert.Equal("other", Context.FromToken(other.RequestAborted).Value(s_key));
            Assert.Null(other.RequestContext.Deadline);
            Assert.Same(ctx, http.RequestContext);
            Assert.Equal(ctx.Done, http.RequestAborted);
            return Task.FromResult("copied");
        });

        Assert.Equal("copied", await WaitFor.Result(server.Client.GetStringAsync("/")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_the_request_is_that_of_its_copies(bool isShallow)
    {
        Context? kept = null;
        await using var server = await StartAsync((_, http) =>
        {
            var copy = Copy(http, isShallow);
            copy.RequestContext = copy.RequestContext.WithValue(s_key, "copy");
            kept = copy.RequestContext;
            Assert.False(kept.IsDone);
            return Task.FromResult("copied");
        });

        Assert.Equal("copied", await WaitFor.Result(server.Client.GetStringAsync("/")));
        await WaitFor.True(() => kept!.IsDone);
        Assert.IsType<RequestCompletedException>(kept!.Cause);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_that_is_set_on_a_copy_with_a_context_of_its_own_ends_that_alone(bool isShallow)
    {
        using var own = new CancellationTokenSource();
        await using var server = await StartAsync(async (ctx, http) =>
        {
            var copy = Copy(http, isShallow);
            copy.RequestContext = copy.RequestContext.WithValue(s_key, "copy");
            var before = copy.RequestAborted;
            copy.RequestAborted = own.Token;
            var merged = copy.RequestContext;
            await own.CancelAsync();
            Assert.True(merged.IsDone);
            Assert.True(copy.RequestAborted.IsCancellationRequested);
            Assert.False(ctx.IsDone);
            Assert.Same(ctx, http.RequestContext);
            copy.RequestAborted = before;
            Assert.False(copy.RequestContext.IsDone);
            Assert.Equal("copy", copy.RequestContext.Value(s_key));
            return "copied";
        });

        Assert.Equal("copied", await WaitFor.Result(server.Client.GetStringAsync("/")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_set_on_a_copy_was_derived_from_the_requests_context(bool isShallow)
    {
        await using var server = await StartAsync((ctx, http) =>
        {
            var copy = Copy(http, isShallow);
            Assert.Throws<ArgumentException>(() => copy.RequestContext = Context.Background);
            copy.RequestContext = ctx.WithValue(s_key, "copy");
            Assert.Throws<ArgumentException>(() => copy.RequestContext = Context.Background);
            return Task.FromResult(copy.RequestContext.Value(s_key)!);
        });

        Assert.Equal("copy", await WaitFor.Result(server.Client.GetStringAsync("/")));
    }

    [Fact]
    public async Task A_copy_that_is_aborted_aborts_the_request()
    {
        var ended = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync((ctx, http) =>
        {
            var copy = Copy(http, isShallow: true);
            copy.RequestContext = ctx.WithValue(s_key, "copy");
            copy.Abort();
            ended.SetResult(copy.RequestContext.Cause);
            return Task.FromResult("");
        });

        await Assert.ThrowsAsync<HttpRequestException>(() => WaitFor.Result(server.Client.GetStringAsync("/")));

        Assert.IsType<RequestAbortedException>(await WaitFor.Result(ended.Task));
    }

    private static Task<Server> StartAsync(Func<Context, HttpContext, Task<string>> handle) =>
        Server.StartAsync(app => app.MapGet("/", (Context ctx, HttpContext http) => handle(ctx, http)));

    /// <summary>A copy that looks into the request for what it has not, or one that has all of it.</summary>
    private static DefaultHttpContext Copy(HttpContext http, bool isShallow)
    {
        if (isShallow)
        {
            return new DefaultHttpContext(new FeatureCollection(http.Features));
        }

        var features = new FeatureCollection();
        foreach (var (type, feature) in http.Features)
        {
            // As OData's batches copy them.
            if (type != typeof(IServiceProvidersFeature))
            {
                features[type] = feature;
            }
        }

        return new DefaultHttpContext(features);
    }
}
