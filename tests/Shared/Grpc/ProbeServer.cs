using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Baton.Grpc.Tests;

/// <summary>
/// A gRPC server on a free port of this machine. Fails the test if it logged a warning or worse.
/// </summary>
internal sealed class ProbeServer : IAsyncDisposable
{
    private readonly LogsClean _logs;
    private readonly GrpcChannel _channel;

    private ProbeServer(WebApplication app, LogsClean logs, ProbeMethods methods)
    {
        (App, _logs, Methods) = (app, logs, methods);
        Address = new Uri(app.Urls.Single());
        _channel = GrpcChannel.ForAddress(Address);
        Client = new Probe.ProbeClient(_channel.Intercept(new BatonClientInterceptor()));
        BareClient = new Probe.ProbeClient(_channel);
    }

    internal WebApplication App { get; }

    internal ProbeMethods Methods { get; }

    internal Uri Address { get; }

    /// <summary>A client with Baton's interceptor.</summary>
    internal Probe.ProbeClient Client { get; }

    /// <summary>A client as gRPC has it.</summary>
    internal Probe.ProbeClient BareClient { get; }

    internal static Task<ProbeServer> StartAsync(
        Action<WebApplicationBuilder>? configure = null, string? expectedError = null) =>
        StartAsync(
            builder =>
            {
                builder.Services.AddGrpc().AddBatonInterceptor();
                configure?.Invoke(builder);
            },
            app =>
            {
                app.UseBaton();
                app.MapGrpcService<ProbeService>();
            },
            expectedError);

    internal static async Task<ProbeServer> StartAsync(
        Action<WebApplicationBuilder> configure, Action<WebApplication> map, string? expectedError = null)
    {
        var logs = new LogsClean(expectedError);
        var methods = new ProbeMethods();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2));
        KeysInMemory.Use(builder.Services);
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Services.AddSingleton(methods);
        configure(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ProbeServer(app, logs, methods);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        using (var atOnce = new CancellationTokenSource())
        {
            await atOnce.CancelAsync();
            await App.StopAsync(atOnce.Token);
        }

        await App.DisposeAsync();
        _logs.AssertClean();
    }
}
