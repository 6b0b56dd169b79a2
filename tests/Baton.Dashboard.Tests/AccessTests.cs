using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.HttpOverrides;

namespace Baton.Dashboard.Tests;

/// <summary>Who may see the page.</summary>
public sealed class AccessTests
{
    private static readonly string[] s_paths =
    [
        "/baton", "/baton/", "/BATON/", "//baton", "/baton//", "/%62aton/", "/baton/%2e/", "/./baton/", "/baton/requests.json",
        "/Baton/Requests.JSON", "/baton/events", "/baton/page.json", "/baton/baton.js", "/baton/requests/1",
        "/baton/requests.json/", "/baton;/", "/baton/events?x=1",
    ];

    [Fact]
    public async Task In_Development_a_browser_on_this_machine_sees_it()
    {
        await using var server = await Site.StartAsync(static _ => { });

        using var page = await server.Client.GetAsync("/baton");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("/baton/", page.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("/baton/")]
    [InlineData("/baton/baton.css")]
    [InlineData("/baton/baton.js")]
    [InlineData("/baton/page.json")]
    [InlineData("/baton/requests.json")]
    [InlineData("/baton/requests/none")]
    public async Task Every_response_forbids_what_the_page_does_not_need(string path)
    {
        await using var server = await Site.StartAsync(static _ => { });

        using var response = await server.Client.GetAsync(path);

        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Elsewhere_the_application_does_not_start_while_the_page_is_open_to_anybody(string environment)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Site.StartAsync(
            static _ => { }, builder => builder.Environment.EnvironmentName = environment,
            expectedError: "RequireAuthorization"));

        Assert.Contains(
            "app.MapBatonDashboard(…).RequireAuthorization(\"the policy of your operators\")", refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorization_that_is_taken_back_is_none()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Server.StartAsync(
            static app => app.MapBatonDashboard("/baton").RequireAuthorization().AllowAnonymous(), Site.AddOperators));
    }

    [Fact]
    public async Task An_application_without_UseBaton_does_not_start()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Server.StartBareAsync(
            static app => app.MapBatonDashboard(), static builder => builder.Environment.EnvironmentName = "Development"));

        Assert.Contains("app.UseBaton()", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_authorization_of_a_group_counts()
    {
        await using var server = await Server.StartAsync(
            static app => app.MapGroup("/admin").RequireAuthorization("operators").MapBatonDashboard(), Site.AddOperators);

        using var refused = await server.Client.GetAsync("/admin/baton/");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task No_path_leads_by_authorization()
    {
        await using var server = await Server.StartAsync(
            static app => app.MapBatonDashboard("/baton").RequireAuthorization("operators"), Site.AddOperators);

        foreach (var path in s_paths)
        {
            Assert.DoesNotContain("200", await StatusAsync(server, path), StringComparison.Ordinal);
        }

        Assert.Contains("200", await StatusAsync(server, "/baton/", "X-User: ann"), StringComparison.Ordinal);
        Assert.Contains("403", await StatusAsync(server, "/baton/", "X-User: bob"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host: evil.example")]
    [InlineData("Host: localhost.evil.example")]
    [InlineData("Host: 192.0.2.7")]
    [InlineData("Host: localhost", "X-Forwarded-For: 127.0.0.1")]
    [InlineData("Host: localhost", "X-Forwarded-Host: localhost")]
    [InlineData("Host: localhost", "X-Original-For: 127.0.0.1:80")]
    [InlineData("Host: localhost", "X-Real-IP: 127.0.0.1")]
    [InlineData("Host: localhost", "Forwarded: for=127.0.0.1")]
    public async Task A_request_that_was_forwarded_or_meant_for_another_host_is_refused(params string[] headers)
    {
        await using var server = await Site.StartAsync(static _ => { });

        foreach (var path in s_paths)
        {
            Assert.DoesNotContain("200", await StatusAsync(server, path, headers), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:8090")]
    [InlineData("shop.localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:80")]
    public async Task This_machine_has_several_names(string host)
    {
        await using var server = await Site.StartAsync(static _ => { });

        Assert.Contains("200", await StatusAsync(server, "/baton/", $"Host: {host}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: localhost", "X-Forwarded-Proto: http")]
    [InlineData("X-Forwarded-For: 192.0.2.7, 127.0.0.1")]
    public async Task Middleware_that_believes_forwarded_headers_changes_nothing(params string[] headers)
    {
        await using var server = await Server.StartBareAsync(
            static app =>
            {
                var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All };
                options.KnownProxies.Clear();
                options.KnownIPNetworks.Clear();
                app.UseForwardedHeaders(options);
                app.UseBaton();
                app.MapBatonDashboard();
            },
            static builder => builder.Environment.EnvironmentName = "Development");

        Assert.Contains("403", await StatusAsync(server, "/baton/", ["Host: evil.example", .. headers]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("::ffff:127.0.0.1", "::1", true)]
    [InlineData("192.0.2.7", "127.0.0.1", false)]
    [InlineData("127.0.0.1", "192.0.2.7", false)]
    [InlineData(null, null, false)]
    public void Both_ends_of_the_connection_are_this_machines(string? remote, string? local, bool isAllowed)
    {
        var http = new DefaultHttpContext();
        http.Request.Host = new HostString("localhost");
        http.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        http.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);

        Assert.Equal(isAllowed, LoopbackRule.Refusal(http) is null);
    }

    [Fact]
    public void An_address_that_middleware_has_set_does_not_hide_the_sockets()
    {
        using var unconnected = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var http = new DefaultHttpContext();
        http.Request.Host = new HostString("localhost");
        http.Connection.RemoteIpAddress = http.Connection.LocalIpAddress = IPAddress.Loopback;
        http.Features.Set<IConnectionSocketFeature>(new SocketOf(unconnected));

        Assert.NotNull(LoopbackRule.Refusal(http));
    }

    /// <summary>The status line of the response, to a path that is sent as it is.</summary>
    private static async Task<string> StatusAsync(Server server, string path, params string[] headers)
    {
        var host = headers.Any(static header => header.StartsWith("Host:", StringComparison.Ordinal)) ? "" : "Host: localhost\r\n";
        using var socket = await server.SendAsync(
            $"GET {path} HTTP/1.1\r\n{host}{string.Concat(headers.Select(static header => $"{header}\r\n"))}\r\n");
        using var reader = new StreamReader(new NetworkStream(socket));
        return await WaitFor.Result(reader.ReadLineAsync()) ?? "";
    }

    private sealed record SocketOf(Socket Socket) : IConnectionSocketFeature;
}
