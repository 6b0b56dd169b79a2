using Microsoft.Extensions.Hosting;

namespace Baton.AspNetCore;

/// <summary>Tells code that runs for longer than one response that the server is about to stop.</summary>
/// <remarks>
/// A singleton among the services that <c>AddBaton()</c> adds. A stream of events, a long poll or a WebSocket
/// that ends when <see cref="Stopping"/> does ends at a place of its own choosing. One that goes on is canceled
/// after <see cref="BatonOptions.ShutdownGrace"/>, with <see cref="ServerShutdownException"/>.
/// </remarks>
public sealed class ServerLifetime
{
    private readonly BatonServer _server;

    internal ServerLifetime(BatonServer server) => _server = server;

    /// <summary>
    /// Canceled when the application is asked to stop: by a signal, <c>StopApplication()</c> or
    /// <c>StopAsync()</c>.
    /// </summary>
    /// <remarks>
    /// The contexts of running requests are untouched then, and the server still takes new ones for as long
    /// as <see cref="BatonOptions.ShutdownDelay"/> says. It differs from
    /// <see cref="IHostApplicationLifetime.ApplicationStopping"/> in this: <c>StopAsync()</c> cancels
    /// <c>ApplicationStopping</c> only when the delay is over.
    /// </remarks>
    public Context Stopping => _server.Stop.Begun;
}
