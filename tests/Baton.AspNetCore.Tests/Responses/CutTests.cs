namespace Baton.AspNetCore.Tests;

/// <summary>No response that was cut looks whole.</summary>
public sealed class CutTests
{
    public static TheoryData<string, string, string> Matrix
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var writer in Writers.Swallowing.Concat(Writers.Throwing))
            {
                foreach (var cause in EndedServer.Causes)
                {
                    foreach (var protocol in EndedServer.Protocols)
                    {
                        rows.Add(writer, cause, protocol);
                    }
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task What_was_begun_and_not_finished_breaks_off(string writer, string cause, string protocol)
    {
        await using var server = await EndedServer.StartAsync(cause, protocol);

        using var response = await WaitFor.Result(server.SendAsync(writer));
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var first = await body.ReadAsync(new byte[1], TestContext.Current.CancellationToken);
        await WaitFor.Result(server.Gate.Given.Task);
        server.End();

        Assert.Equal(1, first);
        var broken = await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(body.CopyToAsync(Stream.Null)));
        Assert.IsNotType<TimeoutException>(broken);
        Assert.All(
            server.Logs, static line => Assert.StartsWith("Information", line, StringComparison.Ordinal));
    }

    /// <summary>What was cut in a place where middleware would keep it, is not kept.</summary>
    [Theory]
    [InlineData("output cache", "")]
    [InlineData("", "output cache")]
    [InlineData("response cache", "")]
    [InlineData("pass-through", "")]
    [InlineData("compression", "")]
    [InlineData("", "compression")]
    public async Task No_cache_keeps_it_and_no_compression_ends_it_well(string outside, string inside)
    {
        // A compressor takes what comes after a cancellation that the handler itself swallowed for all there is.
        foreach (var path in (string[])["/json/sequence", "/json/mvc", "/text/throws",
            .. inside == "compression" ? (string[])[] : ["/text/swallowed"]])
        {
            await using var server = await EndedServer.StartAsync(
                "deadline",
                outside: app => Neighbors.Use(Cacheable(app), outside),
                inside: app => Neighbors.Use(app, inside),
                configure: Neighbors.AddTo);

            var first = server.SendAsync(path, encoding: "gzip");
            await WaitFor.Result(server.Gate.Given.Task);
            server.End();
            var broken = await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                using var response = await WaitFor.Result(first);
                await WaitFor.Completion(response.Content.LoadIntoBufferAsync());
                Assert.Equal(504, (int)response.StatusCode);
                throw new HttpRequestException("It has sent nothing, so it could still respond.");
            });
            Assert.IsAssignableFrom<HttpRequestException>(broken);

            if (path.StartsWith("/json", StringComparison.Ordinal))
            {
                using var second = await WaitFor.Result(server.SendAsync(path));
                Assert.Equal("[0,1,2,3]", await second.Content.ReadAsStringAsync());
            }
        }
    }

    private static WebApplication Cacheable(WebApplication app)
    {
        app.Use((http, next) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=60";
            return next(http);
        });
        return app;
    }
}
