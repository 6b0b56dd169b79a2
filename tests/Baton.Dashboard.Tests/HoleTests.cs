using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Dashboard.Tests;

/// <summary>What other pages of this kind were broken by.</summary>
public sealed class HoleTests
{
    private const string Ann = "X-User: ann";

    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A server that lets all sites read all it has is common in Development.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_script_of_another_site_reads_nothing_where_the_application_lets_all_sites_read(bool isBeforeRouting)
    {
        await using var server = await StartAsync(
            app =>
            {
                if (isBeforeRouting)
                {
                    app.UseCors(AllowAll);
                }

                app.UseRouting();
                app.UseCors(AllowAll);
            },
            static builder => builder.Services.AddCors());

        foreach (var path in (string[])["/baton/", "/baton/requests.json", "/baton/page.json", "/baton/events"])
        {
            var response = await SendAsync(server, "GET", path, "Host: localhost", "Origin: http://evil.example");

            Assert.Contains("403", response[0], StringComparison.Ordinal);
            response = await SendAsync(server, "GET", path, "Host: localhost", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors");
            Assert.Contains("403", response[0], StringComparison.Ordinal);
            response = await SendAsync(server, "GET", path, "Host: localhost", "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors");
            Assert.Contains("403", response[0], StringComparison.Ordinal);
        }

        static void AllowAll(CorsPolicyBuilder all) => all.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod();
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors")]
    [InlineData("Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate")]
    [InlineData("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")]
    [InlineData("Origin: http://localhost", "X-Nothing: 1")]
    public async Task The_page_itself_and_a_link_to_it_are_let_in(string header, string other)
    {
        await using var server = await StartAsync();

        Assert.Contains("200", (await SendAsync(server, "GET", "/baton/", "Host: localhost", header, other))[0], StringComparison.Ordinal);
    }

    /// <summary>nginx speaks HTTP/1.0 to what it stands before, names that host, and adds no header, unless told otherwise.</summary>
    [Fact]
    public async Task A_proxy_that_names_this_host_and_adds_no_header_is_known_by_its_protocol()
    {
        await using var server = await StartAsync();
        using var socket = await server.SendAsync(
            $"GET /baton/ HTTP/1.0\r\nHost: localhost:{server.Client.BaseAddress!.Port}\r\nConnection: close\r\n\r\n");

        Assert.Contains("403", (await ReadAsync(socket))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CF-Connecting-IP: 192.0.2.7")]
    [InlineData("True-Client-IP: 192.0.2.7")]
    [InlineData("X-Client-IP: 192.0.2.7")]
    [InlineData("X-Cluster-Client-IP: 192.0.2.7")]
    [InlineData("X-Envoy-External-Address: 192.0.2.7")]
    [InlineData("X-ARR-LOG-ID: 1")]
    [InlineData("x-forwarded: for=192.0.2.7")]
    public async Task A_header_that_only_some_proxy_writes_is_a_reason_to_refuse(string header)
    {
        await using var server = await StartAsync();

        Assert.Contains("403", (await SendAsync(server, "GET", "/baton/", "Host: localhost", header))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost.")]
    [InlineData("localhost:80.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("0.0.0.0")]
    [InlineData("")]
    [InlineData("[::]")]
    [InlineData("localhost%2eevil.example")]
    [InlineData("xn--lcalhost-n7a")]
    public async Task No_other_host_passes_for_this_one(string host)
    {
        await using var server = await StartAsync();

        Assert.DoesNotContain("200", (await SendAsync(server, "GET", "/baton/", $"Host: {host}"))[0], StringComparison.Ordinal);
    }

    /// <summary>A cache before authorization gives to anybody what it has stored for somebody.</summary>
    [Fact]
    public async Task A_cache_that_stores_all_responses_stores_none_of_the_page()
    {
        await using var server = await Server.StartBareAsync(
            static app =>
            {
                app.UseOutputCache();
                app.UseBaton();
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapBatonDashboard().RequireAuthorization("operators");
            },
            static builder =>
            {
                Site.AddOperators(builder);
                builder.Services.AddOutputCache(static cache => cache.AddBasePolicy(static all => all.Cache()));
            });

        foreach (var path in (string[])["/baton/", "/baton/requests.json", "/baton/page.json", "/baton/baton.js"])
        {
            Assert.Contains("200", (await SendAsync(server, "GET", path, "Host: localhost", Ann))[0], StringComparison.Ordinal);
            Assert.Contains("401", (await SendAsync(server, "GET", path, "Host: localhost"))[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_cache_does_not_make_one_page_wait_for_another()
    {
        await using var server = await StartAsync(
            static app => app.UseOutputCache(),
            static builder => builder.Services.AddOutputCache(static cache => cache.AddBasePolicy(static all => all.Cache())));

        using var first = await server.Client.GetAsync("/baton/events", HttpCompletionOption.ResponseHeadersRead);
        using var second = await WaitFor.Result(
            server.Client.GetAsync("/baton/events", HttpCompletionOption.ResponseHeadersRead));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
    }

    /// <summary>An application may have switched off that routing asks whether authorization has run.</summary>
    [Fact]
    public async Task Authorization_that_was_asked_for_and_has_not_run_refuses()
    {
        await using var server = await Server.StartBareAsync(
            static app =>
            {
                app.UseAuthorization();
                app.UseRouting();
                app.UseBaton();
                app.MapBatonDashboard().RequireAuthorization("operators");
            },
            static builder =>
            {
                Site.AddOperators(builder);
                builder.Services.Configure<RouteOptions>(static routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);
            });

        Assert.Contains("403", (await SendAsync(server, "GET", "/baton/", "Host: evil.example"))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/baton/")]
    [InlineData("baton")]
    [InlineData("/ops/{tenant}/baton")]
    [InlineData("/")]
    [InlineData("")]
    public async Task Any_pattern_works_below_a_base_path(string pattern)
    {
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.UsePathBase("/shop");
                app.UseRouting();
                app.UseBaton();
                app.MapBatonDashboard(pattern);
            },
            static builder => builder.Environment.EnvironmentName = "Development");
        var path = $"/shop/{pattern.Trim('/').Replace("{tenant}", "acme", StringComparison.Ordinal)}".TrimEnd('/');

        using var page = await server.Client.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, $"{path}/"), (page.StatusCode, page.RequestMessage!.RequestUri!.AbsolutePath));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync($"{path}/requests.json")).StatusCode);
    }

    [Fact]
    public async Task Of_two_pages_each_asks_for_its_own_authorization_and_they_show_the_same()
    {
        await using var server = await Server.StartAsync(
            app =>
            {
                app.MapBatonDashboard("/a").RequireAuthorization("operators");
                app.MapBatonDashboard("/b").RequireAuthorization();
                app.MapGet("/work", (Context ctx) => _isOver.Task);
            },
            Site.AddOperators);
        using var client = await server.AskAsync("/work");

        Assert.Contains("403", (await SendAsync(server, "GET", "/a/", "Host: localhost", "X-User: bob"))[0], StringComparison.Ordinal);
        Assert.Contains("200", (await SendAsync(server, "GET", "/b/", "Host: localhost", "X-User: bob"))[0], StringComparison.Ordinal);
        Assert.Equal("401", (await SendAsync(server, "GET", "/b/requests.json", "Host: localhost"))[0].Split(' ')[1]);
        var (first, second) = (await IdsAsync("/a"), await IdsAsync("/b"));
        Assert.Equal(first, second);
        _isOver.SetResult();

        async Task<string> IdsAsync(string page)
        {
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{page}/requests.json");
                request.Headers.Add("X-User", "ann");
                using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
                using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
                if (json.RootElement.Rows() is [var only])
                {
                    return only.GetProperty("id").GetString()!;
                }
            }
        }
    }

    /// <summary>The events of calls are the process's.</summary>
    [Fact]
    public async Task A_page_shows_nothing_of_another_application_in_its_process()
    {
        var arrived = new TaskCompletionSource();
        await using var one = await StartAsync(app => app.MapGet("/work", async (Context ctx) =>
        {
            using var http = new HttpClient(new Http.BatonHandler(new Held(arrived, _isOver)));
            (await http.GetAsync(ctx, "http://stock.example/")).Dispose();
        }));
        await using var other = await StartAsync();
        await one.RequestsAsync();
        await other.RequestsAsync();
        using var client = await one.AskAsync("/work");
        await WaitFor.Completion(arrived.Task);

        await one.UntilAsync(static all => all.Rows() is [var only] && only.GetProperty("calls").GetArrayLength() == 1);
        Assert.Empty(await other.RequestsAsync());
        _isOver.SetResult();
    }

    /// <summary>A text is cut after a number of characters, of which two may be one.</summary>
    [Fact]
    public async Task A_text_that_is_cut_or_that_no_encoding_has_does_not_break_the_page()
    {
        var clock = new FakeTimeProvider();
        var arrived = new TaskCompletionSource();
        await using var server = await Site.StartAsync(clock, app =>
            app.MapGet("/odd", (Context ctx) =>
            {
                arrived.SetResult();
                return _isOver.Task;
            }).WithMetadata(new Route($"/{new string('x', 198)}😀😀\uD800")));
        await server.RequestsAsync();
        using var client = await server.AskAsync("/odd");
        await WaitFor.Completion(arrived.Task);
        clock.Advance(Snapshots.Fresh);

        var route = (await server.RequestsAsync()).Single().GetProperty("route").GetString()!;

        Assert.StartsWith("/xxx", route, StringComparison.Ordinal);
        Assert.DoesNotContain(route, char.IsSurrogate);
        _isOver.SetResult();
    }

    [Fact]
    public async Task The_client_of_a_request_that_was_canceled_does_not_learn_who_did_it()
    {
        await using var server = await Site.StartAsync(
            app => app.MapGet("/work", async (Context ctx) =>
            {
                await Select.Done(ctx);
                ctx.ThrowIfDone();
            }),
            Site.AddOperators,
            expectedError: "cancel",
            options: static options => options.CancelPolicy = "operators");
        var running = server.Client.GetAsync("/work");
        var id = (await server.UntilAsync(static all => all.Rows().Length == 1)).Rows()[0].GetProperty("id").GetString()!;

        using var canceled = await CancelTests.PostAsync(server, id, "ann");

        using var response = await WaitFor.Result(running);
        Assert.DoesNotContain("ann", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("ann", response.Headers.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The page of an application, and what stands before it.</summary>
    private static Task<Server> StartAsync(
        Action<WebApplication>? before = null, Action<WebApplicationBuilder>? configure = null) => Server.StartBareAsync(
        app =>
        {
            before?.Invoke(app);
            app.UseBaton();
            app.MapBatonDashboard("/baton");
        },
        builder =>
        {
            builder.Environment.EnvironmentName = "Development";
            configure?.Invoke(builder);
        });

    private static async Task<string[]> SendAsync(Server server, string method, string path, params string[] headers)
    {
        using var socket = await server.SendAsync(
            $"{method} {path} HTTP/1.1\r\n{string.Concat(headers.Select(static header => $"{header}\r\n"))}\r\n");
        return await ReadAsync(socket);
    }

    /// <summary>The status line and the headers.</summary>
    private static async Task<string[]> ReadAsync(Socket socket)
    {
        using var reader = new StreamReader(new NetworkStream(socket));
        var lines = new List<string>();
        while (await WaitFor.Result(reader.ReadLineAsync()) is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        return [.. lines];
    }

    /// <summary>A network that responds when the test says so.</summary>
    private sealed class Held(TaskCompletionSource arrived, TaskCompletionSource isOver) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            arrived.TrySetResult();
            await isOver.Task;
            return new HttpResponseMessage();
        }
    }

    private sealed record Route(string Text) : IRouteDiagnosticsMetadata
    {
        string IRouteDiagnosticsMetadata.Route => Text;
    }
}
