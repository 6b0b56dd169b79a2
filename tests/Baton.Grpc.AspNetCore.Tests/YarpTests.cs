using System.Net;
using Baton.Http;
using Microsoft.Extensions.Time.Testing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Baton.Grpc.AspNetCore.Tests;

/// <summary>A YARP proxy between a client and a service of Baton's: docs/grpc.md, "Behind YARP".</summary>
public sealed class YarpTests : IDisposable
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource<Context> _arrived = new();
    private readonly CancellationTokenSource _leave = new();

    public void Dispose() => _leave.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_deadline_goes_through(bool isBatons)
    {
        await using var service = await ServiceAsync();
        await using var proxy = await ProxyAsync(service, isBatons);

        var asking = Http2.GetAsync(proxy.Address, _leave.Token, ("grpc-timeout", "1H"));
        var ctx = await WaitFor.Result(_arrived.Task);

        Assert.InRange(ctx.Remaining, s_hour - TimeSpan.FromMinutes(1), s_hour);
        await LeaveAsync(asking);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_cancellation_goes_through(bool isBatons)
    {
        await using var service = await ServiceAsync();
        await using var proxy = await ProxyAsync(service, isBatons);

        var asking = Http2.GetAsync(proxy.Address, _leave.Token);
        var ctx = await WaitFor.Result(_arrived.Task);
        await LeaveAsync(asking);

        await WaitFor.True(() => ctx.IsDone);
        Assert.IsType<ClientDisconnectedException>(ctx.Cause);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deadline_that_passes_in_the_service_is_504_to_the_client(bool isBatons)
    {
        await using var service = await ServiceAsync(options =>
            options.BaseContext = Context.Root(_clock));
        await using var proxy = await ProxyAsync(service, isBatons);

        var asking = Http2.GetAsync(proxy.Address, default, ("grpc-timeout", "1H"));
        await WaitFor.Result(_arrived.Task);
        _clock.Advance(s_hour);

        using var answer = await WaitFor.Result(asking);
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.True(answer.IsCallerDeadlineExceeded);
    }

    [Fact]
    public async Task A_deadline_that_passes_in_the_proxy_is_504_to_the_client()
    {
        await using var service = await ServiceAsync();
        await using var proxy = await ProxyAsync(
            service, isBatons: true, options =>
                options.BaseContext = Context.Root(_clock));

        var asking = Http2.GetAsync(proxy.Address, default, ("grpc-timeout", "1H"));
        var ctx = await WaitFor.Result(_arrived.Task);
        _clock.Advance(s_hour);

        using var answer = await WaitFor.Result(asking);
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.True(answer.IsCallerDeadlineExceeded);
        await WaitFor.True(() => ctx.IsDone);
    }

    [Fact]
    public async Task The_service_has_what_is_left_in_the_proxy()
    {
        await using var service = await ServiceAsync();
        await using var proxy = await ProxyAsync(service, isBatons: true, options =>
        {
            options.BaseContext = Context.Root(_clock);
            options.MaxTimeout = s_hour / 2;
        });

        var asking = Http2.GetAsync(proxy.Address, _leave.Token, ("grpc-timeout", "1H"));
        var ctx = await WaitFor.Result(_arrived.Task);

        Assert.InRange(ctx.Remaining, s_hour / 3, s_hour / 2);
        await LeaveAsync(asking);
    }

    /// <summary>
    /// dotnet/yarp#2662. When this fails, the proxy's pipeline needs no step of ours any more.
    /// </summary>
    [Fact]
    public async Task Without_the_step_in_its_pipeline_YARP_calls_that_a_bad_request()
    {
        await using var service = await ServiceAsync();
        await using var proxy = await ProbeServer.StartAsync(
            builder =>
            {
                builder.Services.AddBaton(options =>
                    options.BaseContext = Context.Root(_clock));
                AddProxy(builder.Services, service);
            },
            static app =>
            {
                app.UseBaton();
                app.MapReverseProxy();
            });

        var asking = Http2.GetAsync(proxy.Address, default, ("grpc-timeout", "1H"));
        await WaitFor.Result(_arrived.Task);
        _clock.Advance(s_hour);

        using var answer = await WaitFor.Result(asking);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    /// <summary>The same, in a proxy without Baton.</summary>
    [Fact]
    public async Task A_timeout_of_ASP_NET_Cores_in_the_proxy_YARP_calls_a_bad_request()
    {
        await using var service = await ServiceAsync();
        await using var proxy = await ProbeServer.StartAsync(
            builder =>
            {
                builder.Services.AddRequestTimeouts(static options =>
                    options.AddPolicy("short", TimeSpan.FromMilliseconds(100)));
                AddProxy(builder.Services, service);
            },
            static app =>
            {
                app.UseRequestTimeouts();
                app.MapReverseProxy().WithRequestTimeout("short");
            });

        using var answer = await WaitFor.Result(Http2.GetAsync(proxy.Address));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task LeaveAsync(Task<HttpResponseMessage> asking)
    {
        await _leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Result(asking));
    }

    /// <summary>A service that answers when its context is done.</summary>
    private Task<ProbeServer> ServiceAsync(Action<BatonOptions>? configure = null) => ProbeServer.StartAsync(
        builder => builder.Services.AddBaton(options => configure?.Invoke(options)),
        app =>
        {
            app.UseBaton();
            app.MapGet("/", async (Context ctx) =>
            {
                _arrived.SetResult(ctx);
                await ctx.Delay(2 * s_hour);
            });
        });

    private static Task<ProbeServer> ProxyAsync(
        ProbeServer service, bool isBatons, Action<BatonOptions>? configure = null) =>
        ProbeServer.StartAsync(
            builder =>
            {
                builder.Services.AddBaton(options => configure?.Invoke(options));
                var proxy = AddProxy(builder.Services, service);
                if (isBatons)
                {
                    AddBaton(builder.Services, proxy);
                }
            },
            app =>
            {
                if (isBatons)
                {
                    UseBaton(app);
                }
                else
                {
                    app.MapReverseProxy();
                }
            });

    private static IReverseProxyBuilder AddProxy(IServiceCollection services, ProbeServer service) =>
        services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig
            {
                RouteId = "all",
                ClusterId = "service",
                Match = new RouteMatch { Path = "/{**rest}" },
            }],
            [
                new ClusterConfig
                {
                    ClusterId = "service",
                    Destinations = new Dictionary<string, DestinationConfig>
                    {
                        ["one"] = new() { Address = $"{service.Address}" },
                    },
                    HttpRequest =
                        new ForwarderRequestConfig { VersionPolicy = HttpVersionPolicy.RequestVersionExact },
                },
            ]);

    private static void AddBaton(IServiceCollection services, IReverseProxyBuilder proxy)
    {
        // docs/grpc.md, the proxy's services
        services.AddSingleton<IForwarderHttpClientFactory, BatonForwarderHttpClientFactory>();
        proxy.AddTransforms(static transforms => transforms.AddRequestTransform(static transform =>
        {
            transform.ProxyRequest.Headers.Remove("grpc-timeout");
            transform.ProxyRequest.SetContext(transform.HttpContext.RequestContext);
            return ValueTask.CompletedTask;
        }));
        // end
    }

    private static void UseBaton(WebApplication app)
    {
        // docs/grpc.md, the proxy's pipeline
        app.UseBaton();
        app.MapReverseProxy(static pipeline => pipeline.Use(static async (http, next) =>
        {
            await next(http);
            if (http.GetForwarderErrorFeature()?.Error == ForwarderError.RequestCanceled && !http.Response.HasStarted)
            {
                http.Response.Clear();
                http.RequestContext.ThrowIfDone();
            }
        }));
        // end
    }

    // docs/grpc.md, the proxy's clients
    private sealed class BatonForwarderHttpClientFactory : ForwarderHttpClientFactory
    {
        protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
            new BatonHandler(base.WrapHandler(context, handler));
    }
    // end
}
