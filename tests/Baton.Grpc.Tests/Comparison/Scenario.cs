using Baton.Http;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace Baton.Grpc.Tests;

/// <summary>One situation that a call may meet.</summary>
internal sealed class Scenario
{
    private static readonly string[] s_echoed = ["x-echo", "x-raw-bin"];

    internal static readonly IReadOnlyDictionary<string, Scenario> All = new Dictionary<string, Scenario>
    {
        ["a response"] = new(),
        ["headers of the caller's own"] = new()
        {
            Options = static options => options.WithHeaders(new Metadata
            {
                { "x-echo", "one" }, { "x-echo", "two" }, { "x-raw-bin", [0, 1, 255] }, { "baggage", "a=1" },
            }),
        },
        ["headers and trailers of the service"] = new()
        {
            Serve = static async call =>
            {
                call.ResponseTrailers.Add("x-after", "late");
                await call.WriteResponseHeadersAsync([new Metadata.Entry("x-before", "early")]);
            },
        },
        ["a status with trailers"] = new()
        {
            Serve = static call => throw new RpcException(
                new Status(StatusCode.NotFound, "no such thing"), [new Metadata.Entry("x-why", "lost")]),
        },
        ["Cancelled by the service"] = new() { Serve = Throw(StatusCode.Cancelled) },
        ["DeadlineExceeded by the service"] = new() { Serve = Throw(StatusCode.DeadlineExceeded) },
        ["Unavailable by the service"] = new() { Serve = Throw(StatusCode.Unavailable) },
        ["a service that fails"] = new()
        {
            Serve = static _ => throw new InvalidOperationException("expected"),
        },
        ["a message that is too large"] = new()
        {
            Channel = static channel => channel.MaxReceiveMessageSize = 2,
        },
        ["a compressed request"] = new()
        {
            Options = static options => options.WithHeaders(
                new Metadata { { "grpc-internal-encoding-request", "gzip" } }),
        },
        ["credentials of the call"] = new()
        {
            Channel = static channel => channel.UnsafeUseInsecureChannelCallCredentials = true,
            Options = static options => options.WithCredentials(CallCredentials.FromInterceptor(
                static (_, metadata) =>
                {
                    metadata.Add("authorization", "Bearer token");
                    return Task.CompletedTask;
                })),
        },
        ["retries by the channel"] = new()
        {
            Channel = static channel => channel.ServiceConfig = Retries(),
            Serve = static call => call.RequestHeaders.GetValue("grpc-previous-rpc-attempts") == "2"
                ? Task.CompletedTask
                : Throw(StatusCode.Unavailable)(call),
        },
        ["a deadline of the call's own"] = new()
        {
            Options = static options => options.WithDeadline(
                TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromMilliseconds(50)),
            Serve = Wait,
            MayEndBeforeItIsSent = true,
        },
        ["the same, as a cancellation"] = new()
        {
            Channel = static channel => channel.ThrowOperationCanceledOnCancellation = true,
            Options = static options => options.WithDeadline(
                TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromMilliseconds(50)),
            Serve = Wait,
            MayEndBeforeItIsSent = true,
        },
        ["a token of the call's own"] = new() { Serve = Wait, CancelsWhenServed = true },
        ["the same token, as a cancellation"] = new()
        {
            Channel = static channel => channel.ThrowOperationCanceledOnCancellation = true,
            Serve = Wait,
            CancelsWhenServed = true,
        },
        ["a channel over Baton.Http's handler"] = new()
        {
            Channel = static channel => channel.HttpHandler = new BatonHandler(new SocketsHttpHandler()),
        },
        ["a token of the call's own over Baton.Http's handler"] = new()
        {
            Channel = static channel => channel.HttpHandler = new BatonHandler(new SocketsHttpHandler()),
            Serve = Wait,
            CancelsWhenServed = true,
        },
        ["a token that was canceled before"] = new() { CancelsBefore = true },
        ["a service that is not there"] = new() { IsDown = true },
        ["a service that is waited for"] = new()
        {
            Options = static options => options.WithWaitForReady(),
        },
    };

    internal Action<GrpcChannelOptions> Channel { get; private init; } = static _ => { };

    internal Func<CallOptions, CallOptions> Options { get; private init; } = static options => options;

    /// <summary>What a method does before it responds.</summary>
    internal Func<ServerCallContext, Task> Serve { get; private init; } = static _ => Task.CompletedTask;

    /// <summary>Whether a token of the call's own is canceled when the method has begun.</summary>
    internal bool CancelsWhenServed { get; private init; }

    internal bool CancelsBefore { get; private init; }

    internal bool HasOwnToken => CancelsWhenServed || CancelsBefore;

    /// <summary>On a busy machine, the request of such a call may never go out.</summary>
    internal bool MayEndBeforeItIsSent { get; private init; }

    internal bool IsDown { get; private init; }

    /// <summary>The caller's headers of the call, in the order in which they arrived.</summary>
    internal static string Echo(ServerCallContext call) => string.Join(';', call.RequestHeaders
        .Where(static entry => s_echoed.Contains(entry.Key))
        .Select(static entry => entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value));

    private static Func<ServerCallContext, Task> Throw(StatusCode code) =>
        _ => throw new RpcException(new Status(code, "by the service"));

    private static async Task Wait(ServerCallContext call)
    {
        var left = new TaskCompletionSource();
        using var registration = call.CancellationToken.Register(left.SetResult);
        await left.Task;
    }

    private static ServiceConfig Retries() => new()
    {
        MethodConfigs =
        {
            new MethodConfig
            {
                Names = { MethodName.Default },
                RetryPolicy = new RetryPolicy
                {
                    MaxAttempts = 4,
                    InitialBackoff = TimeSpan.FromMilliseconds(1),
                    MaxBackoff = TimeSpan.FromMilliseconds(1),
                    BackoffMultiplier = 1,
                    RetryableStatusCodes = { StatusCode.Unavailable },
                },
            },
        },
    };
}
