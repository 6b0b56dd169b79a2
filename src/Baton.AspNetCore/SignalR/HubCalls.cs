using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace Baton.AspNetCore;

/// <summary>
/// Knows the calls of hubs that have a context, and lets a stopping host wait for them.
/// </summary>
/// <remarks>
/// A server waits for its requests, but SignalR has ended those of its connections by then. Without this a
/// host would dispose the services while calls use them.
/// </remarks>
internal sealed class HubCalls : IHostedService
{
    private readonly Lock _lock = new();

    /// <summary>Those that run. Reading them holds no lock.</summary>
    private readonly ConcurrentDictionary<HubCall, bool> _calls = [];
    private TaskCompletionSource? _noneRuns;
    private int _running;

    /// <summary>The calls that run. Others may come and go meanwhile.</summary>
    internal IEnumerable<HubCall> Running => _calls.Select(static one => one.Key);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Waits for the calls, which end with the grace at the latest, or until the host gives up.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task noneRuns;
        lock (_lock)
        {
            if (_running == 0)
            {
                return;
            }

            _noneRuns ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            noneRuns = _noneRuns.Task;
        }

        await noneRuns.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal void Enter(HubCall call)
    {
        _calls[call] = true;
        lock (_lock)
        {
            _running++;
        }
    }

    internal void Leave(HubCall call)
    {
        _calls.TryRemove(call, out _);
        lock (_lock)
        {
            if (--_running == 0)
            {
                _noneRuns?.TrySetResult();
            }
        }
    }
}
