using System.Net;

namespace Baton.Dashboard.Tests;

/// <summary>An operator cancels a request.</summary>
public sealed class CancelTests
{
    private readonly TaskCompletionSource<Exception?> _cause = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task An_operator_cancels_a_request_and_its_cause_says_who()
    {
        await using var server = await StartAsync();
        var running = server.Client.GetAsync("/work");
        var id = await IdAsync(server);

        using var response = await PostAsync(server, id, "ann");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var cause = Assert.IsType<CanceledByOperatorException>(await WaitFor.Result(_cause.Task));
        Assert.Equal(("ann", "canceled by operator 'ann'"), (cause.OperatorName, cause.Message));
        using var ended = await WaitFor.Result(running);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ended.StatusCode);
        await WaitFor.True(() => server.Logs.Any(entry => entry.Contains($"ann canceled request {id} (GET /work)", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Gone, (await PostAsync(server, id, "ann")).StatusCode);
    }

    [Fact]
    public async Task A_request_that_is_done_is_not_canceled_again()
    {
        var isOver = new TaskCompletionSource();
        await using var server = await StartAsync(app => app.MapGet("/deaf", (Context ctx) => isOver.Task));
        var running = server.Client.GetAsync("/deaf");
        var id = await IdAsync(server);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, id, "ann")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(server, id, "ann")).StatusCode);

        var row = (await server.ReadAsync($"requests/{id}")).GetProperty("end");
        Assert.Equal("canceled", row.GetProperty("cause").GetString());
        Assert.Equal("CanceledByOperatorException", row.GetProperty("type").GetString());
        isOver.SetResult();
        (await WaitFor.Result(running)).Dispose();
    }

    [Theory]
    [InlineData(null, true, null, HttpStatusCode.Unauthorized)]
    [InlineData("bob", true, null, HttpStatusCode.Forbidden)]
    [InlineData("ann", false, null, HttpStatusCode.BadRequest)]
    [InlineData("ann", true, "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("ann", true, "null", HttpStatusCode.Forbidden)]
    public async Task A_cancel_is_refused(string? user, bool hasToken, string? origin, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        var running = server.Client.GetAsync("/work");
        var id = await IdAsync(server);

        using var response = await PostAsync(server, id, user, hasToken, origin);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(
            System.Text.Json.JsonValueKind.Null, (await server.ReadAsync($"requests/{id}")).GetProperty("end").ValueKind);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, id, "ann")).StatusCode);
        (await WaitFor.Result(running)).Dispose();
    }

    [Fact]
    public async Task A_GET_cancels_nothing()
    {
        await using var server = await StartAsync();
        var running = server.Client.GetAsync("/work");
        var id = await IdAsync(server);

        using var response = await server.Client.GetAsync($"/baton/requests/{id}/cancel");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(
            System.Text.Json.JsonValueKind.Null, (await server.ReadAsync($"requests/{id}")).GetProperty("end").ValueKind);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, id, "ann")).StatusCode);
        (await WaitFor.Result(running)).Dispose();
    }

    /// <summary>A proxy may name another host than the browser does. What the browser says of the site goes along.</summary>
    [Theory]
    [InlineData("same-origin", "https://ops.example", HttpStatusCode.OK)]
    [InlineData("same-origin", null, HttpStatusCode.OK)]
    [InlineData("none", null, HttpStatusCode.Forbidden)]
    [InlineData("same-site", null, HttpStatusCode.Forbidden)]
    [InlineData("cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("", null, HttpStatusCode.Forbidden)]
    public async Task What_the_browser_says_of_the_site_decides(string site, string? origin, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        var running = server.Client.GetAsync("/work");
        var id = await IdAsync(server);

        using var response = await PostAsync(server, id, "ann", origin: origin, site: site);

        Assert.Equal(status, response.StatusCode);
        using var last = await PostAsync(server, id, "ann");
        (await WaitFor.Result(running)).Dispose();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("aaaaaa-1")]
    [InlineData("%3Cb%3E")]
    [InlineData("-1")]
    [InlineData("999999999999999999999999999999999999999")]
    [InlineData("<script>")]
    public async Task An_id_that_was_never_given_is_not_found(string id)
    {
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(server, id, "ann")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync($"/baton/requests/{id}")).StatusCode);
    }

    [Fact]
    public async Task Without_a_policy_nobody_cancels()
    {
        await using var server = await Site.StartAsync(static _ => { }, Site.AddOperators);

        using var response = await server.Client.PostAsync("/baton/requests/aaaaaa-1/cancel", content: null);

        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed });
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await server.ReadAsync("page.json")).GetProperty("cancel").ValueKind);
    }

    [Theory]
    [InlineData(true, false, "AddAntiforgery")]
    [InlineData(false, true, "AddAuthorization")]
    public async Task What_canceling_needs_is_asked_for_at_the_start(bool hasPolicy, bool hasTokens, string line)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Site.StartAsync(
            static _ => { },
            builder =>
            {
                if (hasPolicy)
                {
                    builder.Services.AddAuthorization(static options => options.AddPolicy(
                        "operators", static policy => policy.RequireUserName("ann")));
                }

                if (hasTokens)
                {
                    builder.Services.AddAntiforgery();
                }
            },
            options: static options => options.CancelPolicy = "operators"));

        Assert.Contains(line, refusal.Message, StringComparison.Ordinal);
    }

    private Task<Server> StartAsync(Action<WebApplication>? map = null) => Site.StartAsync(
        app =>
        {
            app.MapGet("/work", async (Context ctx) =>
            {
                await Select.Done(ctx);
                _cause.TrySetResult(ctx.Cause);
                ctx.ThrowIfDone();
            });
            map?.Invoke(app);
        },
        Site.AddOperators,
        expectedError: "cancel",
        options: static options => options.CancelPolicy = "operators");

    private static async Task<string> IdAsync(Server server)
    {
        var all = await server.UntilAsync(static all => all.Rows().Length == 1);
        return all.Rows()[0].GetProperty("id").GetString()!;
    }

    /// <summary>Sends a cancel, with a token that is ann's.</summary>
    internal static async Task<HttpResponseMessage> PostAsync(
        Server server, string id, string? user, bool hasToken = true, string? origin = null, string? site = null)
    {
        using var about = new HttpRequestMessage(HttpMethod.Get, "/baton/page.json");
        about.Headers.Add("X-User", "ann");
        using var said = await server.Client.SendAsync(about);
        using var json = System.Text.Json.JsonDocument.Parse(await said.Content.ReadAsStringAsync());
        var cancel = json.RootElement.GetProperty("cancel");
        using var post = new HttpRequestMessage(HttpMethod.Post, $"/baton/requests/{id}/cancel");
        if (user is not null)
        {
            post.Headers.Add("X-User", user);
        }

        if (hasToken)
        {
            post.Headers.Add(cancel.GetProperty("header").GetString()!, cancel.GetProperty("token").GetString());
        }

        if (origin is not null)
        {
            post.Headers.Add("Origin", origin);
        }

        if (site is not null)
        {
            post.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site);
        }

        return await server.Client.SendAsync(post);
    }
}
