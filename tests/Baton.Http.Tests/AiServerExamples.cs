using Baton.AspNetCore;

namespace Baton.Http.Tests;

/// <summary>The server of docs/http.md behind an SDK for AI models, compiled and run.</summary>
public sealed class AiServerExamples : IAsyncLifetime
{
    private readonly Model _model = new();
    private Server _server = null!;

    public async ValueTask InitializeAsync() => _server = await Server.StartAsync(Map, builder =>
    {
        Configure(builder);
        builder.Services.AddSingleton<IModel>(_model);
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_model_stops_when_the_time_of_the_caller_is_out()
    {
        using var response = await SendAsync("0.5", CancellationToken.None);

        var cause = Assert.IsType<RequestTimeoutException>(await WaitFor.Result(_model.Stopped));
        Assert.Equal(TimeSpan.FromSeconds(0.5), cause.Timeout);

        // What was cut does not look whole.
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_model_stops_when_the_caller_leaves()
    {
        (await SendAsync("600", CancellationToken.None)).Dispose();

        Assert.IsType<ClientDisconnectedException>(await WaitFor.Result(_model.Stopped));
    }

    /// <summary>What the SDKs write without a timeout, for less than a second, and for the longest.</summary>
    [Theory]
    [InlineData("NOT_GIVEN")]
    [InlineData("None")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("600 s")]
    [InlineData("1e3")]
    [InlineData("922337203685477581")]
    public async Task A_value_that_says_no_time_is_passed_over(string value)
    {
        using var response = await SendAsync(value, CancellationToken.None);

        Assert.Equal(Timeout.InfiniteTimeSpan, await WaitFor.Result(_model.Remaining));
    }

    [Theory]
    [InlineData("600")]
    [InlineData("599.5")]
    [InlineData("600.0")]
    public async Task Seconds_with_and_without_a_fraction_are_read(string value)
    {
        using var response = await SendAsync(value, CancellationToken.None);

        Assert.InRange(
            await WaitFor.Result(_model.Remaining), TimeSpan.FromSeconds(500), TimeSpan.FromSeconds(600));
    }

    [Fact]
    public void The_document_has_what_runs_here()
    {
        var here = Code("tests/Baton.Http.Tests/AiServerExamples.cs", "// http: the server", "// end");
        var document = Code("docs/http.md", "<!-- http: the server -->", "```");

        Assert.NotEmpty(here);
        Assert.Equal(here, document);
    }

    /// <summary>The statements between two lines; the methods that they stand in here are left out.</summary>
    private static string[] Code(string path, string first, string last) =>
    [
        .. Repository.Lines(path).Select(static line => line.Trim())
            .SkipWhile(line => line != first).Skip(1).Where(static line => line != "```csharp")
            .TakeWhile(line => line != last)
            .Where(static line => line is not ("" or "{" or "}")
                && !line.StartsWith("private ", StringComparison.Ordinal)),
    ];

    private async Task<HttpResponseMessage> SendAsync(string timeout, CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.TryAddWithoutValidation("x-stainless-timeout", timeout);
        return await WaitFor.Result(
            _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token));
    }

    // http: the server
    private static void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddBaton(options => options.CallerDeadlines.Add(DeadlineHeader.StainlessTimeout));
    }

    private static void Map(WebApplication app)
    {
        app.MapPost("/v1/chat/completions", async (Context ctx, HttpResponse response, IModel model) =>
        {
            response.ContentType = "text/event-stream";
            await foreach (var word in model.GenerateAsync(ctx))
            {
                await response.WriteAsync($"data: {word}\n\n", ctx);
                await response.Body.FlushAsync(ctx);
            }
        });
    }

    // end

    internal interface IModel
    {
        IAsyncEnumerable<string> GenerateAsync(Context ctx);
    }

    /// <summary>Says a word, and then thinks for as long as it may.</summary>
    internal sealed class Model : IModel
    {
        private readonly TaskCompletionSource<TimeSpan> _remaining = new();
        private readonly TaskCompletionSource<Exception?> _stopped =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<TimeSpan> Remaining => _remaining.Task;

        internal Task<Exception?> Stopped => _stopped.Task;

        public async IAsyncEnumerable<string> GenerateAsync(Context ctx)
        {
            _remaining.TrySetResult(ctx.Remaining);
            yield return "Once";
            try
            {
                await ctx.Delay(Timeout.InfiniteTimeSpan);
            }
            finally
            {
                _stopped.TrySetResult(ctx.Cause);
            }
        }
    }
}
