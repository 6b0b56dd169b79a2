using System.Net;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Grpc.AspNetCore.Tests;

/// <summary>A gRPC service that is called otherwise: as JSON over HTTP, and by gRPC-Web.</summary>
public sealed class TranscodingTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_method_called_as_JSON_has_the_requests_context_and_deadline()
    {
        await using var server = await StartAsync();
        server.Methods.Unary = (_, call) => Task.FromResult(new Note
        {
            Text = $"{ReferenceEquals(call.RequestContext, call.GetHttpContext().RequestContext)} {call.RequestContext.Deadline is not null}",
        });

        using var answer = await SendAsync(server, "1H");

        Assert.Contains("\"True True\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadline_that_passes_is_504_as_JSON()
    {
        await using var server = await StartAsync();
        server.Methods.All = call => call.RequestContext.Delay(s_hour);

        using var answer = await SendAsync(server, "50m");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task By_gRPC_Web_the_deadline_and_the_status_are_the_same(GrpcWebMode mode)
    {
        var clock = new FakeTimeProvider();
        var given = new TaskCompletionSource<Context>();
        await using var server = await StartAsync(
            options => options.BaseContext = Context.Root(clock));
        server.Methods.All = call =>
        {
            given.SetResult(call.RequestContext);
            return call.RequestContext.Delay(2 * s_hour);
        };
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions
        {
            HttpHandler = new GrpcWebHandler(mode, new HttpClientHandler()),
        });
        var client = new Probe.ProbeClient(channel);

        var calling = AllKinds.CallAsync(client, "server", new CallOptions(deadline: SystemNow() + s_hour));
        var ctx = await WaitFor.Result(given.Task);
        Assert.Equal(s_hour, ctx.Remaining);
        clock.Advance(s_hour);

        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(calling));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.IsType<RequestTimeoutException>(ctx.Cause);
    }

    [Fact]
    public async Task By_gRPC_Web_too_little_time_is_the_same_status()
    {
        await using var server = await StartAsync(static options => options.MinTimeout = s_hour);
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions
        {
            HttpHandler = new GrpcWebHandler(GrpcWebMode.GrpcWeb, new HttpClientHandler()),
        });
        var client = new Probe.ProbeClient(channel);

        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(AllKinds.CallAsync(
            client, "unary", new CallOptions(deadline: SystemNow() + (s_hour / 2)))));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    private static Task<ProbeServer> StartAsync(Action<BatonOptions>? configure = null) =>
        ProbeServer.StartAsync(
            builder =>
            {
                builder.Services.AddGrpc().AddJsonTranscoding().AddBatonInterceptor();
                builder.Services.AddBaton(options => configure?.Invoke(options));
            },
            static app =>
            {
                app.UseGrpcWeb();
                app.UseBaton();
                app.MapGrpcService<ProbeService>().EnableGrpcWeb();
            });

    private static Task<HttpResponseMessage> SendAsync(ProbeServer server, string timeout) =>
        Http2.GetAsync(new Uri(server.Address, "unary"), default, ("grpc-timeout", timeout));

    private static DateTime SystemNow() => TimeProvider.System.GetUtcNow().UtcDateTime;
}
