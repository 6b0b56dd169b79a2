using System.Collections.Concurrent;
using System.Diagnostics;

namespace Baton.Overload;

/// <summary>
/// What is scarce at the end of the chain: so many pieces of work at a time, the others wait in line.
/// </summary>
internal sealed class Resource(bool isCpuBound) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(Times.Slots(isCpuBound));
    private readonly ConcurrentDictionary<int, double> _spent = new();
    private volatile Task _stall = Task.CompletedTask;
    private int _inside;

    /// <summary>
    /// What to reckon with: not what the work takes at its best. In a long line every piece begins with just
    /// what is asked for here, so one that takes longer is for nothing.
    /// </summary>
    internal TimeSpan Expected => Work * 1.5;

    private TimeSpan Work { get; } = Times.Work(isCpuBound);

    /// <summary>
    /// Does the work for a request, unless it has been canceled, or is no longer worth it, when its turn
    /// comes.
    /// </summary>
    internal async Task UseAsync(int id, Func<bool> isWorthIt, CancellationToken canceled)
    {
        Interlocked.Increment(ref _inside);
        try
        {
            await _slots.WaitAsync(canceled);
            try
            {
                await _stall.WaitAsync(canceled);
                if (isWorthIt())
                {
                    await WorkAsync(id, canceled);
                }
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>Lets nobody start for a while.</summary>
    internal void Stall(TimeSpan time) => _stall = Task.Delay(time);

    /// <summary>The seconds of work that each request has cost, once nobody works or waits.</summary>
    internal async Task<IReadOnlyDictionary<int, double>> TakeSpentAsync()
    {
        while (Volatile.Read(ref _inside) > 0)
        {
            await Task.Delay(10);
        }

        var spent = new Dictionary<int, double>(_spent);
        _spent.Clear();
        return spent;
    }

    public void Dispose() => _slots.Dispose();

    private async Task WorkAsync(int id, CancellationToken canceled)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            if (!isCpuBound)
            {
                await Task.Delay(Work, canceled);
                return;
            }

            while (Stopwatch.GetElapsedTime(start) < Work)
            {
                canceled.ThrowIfCancellationRequested();
                Thread.SpinWait(100);
            }
        }
        finally
        {
            _spent[id] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
