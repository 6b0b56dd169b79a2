using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Baton.AspNetCore;

/// <summary>
/// Stops an application in two phases: no new requests, then, when the grace is over, no running ones.
/// </summary>
/// <remarks>
/// <para>
/// The host stops the server before any other hosted service, since the server is the last to be added. So
/// nothing here waits in <see cref="StopAsync"/>. <see cref="StoppingAsync"/> comes before the server is
/// stopped, and the host waits for it: that is the delay. The grace runs beside the server's own wait for its
/// requests, which is over at once if there are none.
/// </para>
/// <para>
/// Kestrel's requests are over when the host has stopped. A server that does not wait for its requests, as
/// TestServer, may leave some: the grace goes on for them until the application is disposed.
/// </para>
/// <para>
/// The host of the obsolete <c>WebHostBuilder</c> knows no <see cref="IHostedLifecycleService"/>. With that
/// host there is no delay, and the grace begins when the application is asked to stop.
/// </para>
/// </remarks>
internal sealed class ShutdownService(
    BatonServer server,
    IHostApplicationLifetime application,
    IOptions<HostOptions> host,
    ILogger<BatonServer> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly PosixSignal[] s_signals =
        [PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM];

    private readonly Lock _lock = new();
    private readonly List<IDisposable> _held = [];
    private bool _hasLifecycle, _hasBegun, _hasStopped, _isOver;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _hasLifecycle = true;
        Start();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Begin();
        server.Stop.LimitTo(cancellationToken);
        Hold(cancellationToken.UnsafeRegister(static state => ((ShutdownService)state!).EndRequests(), this));
        await WaitForDelayAsync().ConfigureAwait(false);
        BeginGrace();
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        _hasStopped = true;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_hasLifecycle)
        {
            Start();
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        IDisposable[] held;
        lock (_lock)
        {
            _isOver = true;
            held = [.. _held];
            _held.Clear();
        }

        // Outside the lock: to let go of a registration is to wait for its callback.
        Array.ForEach(held, static one => one.Dispose());
    }

    private void Start()
    {
        server.Options.ValidateShutdown(host.Value.ShutdownTimeout);
        Hold(application.ApplicationStopping.UnsafeRegister(
            static state => ((ShutdownService)state!).Begin(), this));
    }

    /// <summary>Begins phase one. The host and its lifetime both call this; the second call does nothing.</summary>
    private void Begin()
    {
        lock (_lock)
        {
            if (_hasBegun)
            {
                return;
            }

            _hasBegun = true;
        }

        server.Stop.CutAt = TimestampIn(
            (_hasLifecycle ? server.Options.ShutdownDelay : TimeSpan.Zero) + Grace);
        server.Stop.Begin();
        foreach (var signal in s_signals)
        {
            // The signal that began the stop has been delivered already, so the next one is a second. The code
            // that handled the first decides what the second does to the process.
            Hold(PosixSignalRegistration.Create(signal, _ => EndRequests()));
        }

        if (!_hasLifecycle)
        {
            BeginGrace();
        }
    }

    private void BeginGrace()
    {
        server.Stop.CutAt = TimestampIn(Grace);
        Hold(server.Context.TimeProvider.CreateTimer(
            static state => ((ShutdownService)state!).EndRequests(), this, Grace, Timeout.InfiniteTimeSpan));
    }

    private TimeSpan Grace => server.Options.GraceWithin(host.Value.ShutdownTimeout);

    /// <summary>When this time from now has passed, as a timestamp of the server's clock.</summary>
    private long TimestampIn(TimeSpan time)
    {
        var clock = server.Context.TimeProvider;
        return clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);
    }

    private async Task WaitForDelayAsync()
    {
        try
        {
            await server.Context.Delay(server.Options.ShutdownDelay).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A second signal, the host's limit, or a base context that was canceled: there is nothing to
            // wait for.
        }
    }

    /// <summary>Phase two.</summary>
    private void EndRequests()
    {
        if (!server.Context.IsDone)
        {
            if (!_hasStopped || server.HasRequests)
            {
                Log.ShutdownGraceOver(logger);
            }

            server.End(new ServerShutdownException());
        }
    }

    /// <summary>Keeps what is to be let go of in the end; if that has been, lets go of it at once.</summary>
    private void Hold(IDisposable one)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _held.Add(one);
                return;
            }
        }

        one.Dispose();
    }
}
