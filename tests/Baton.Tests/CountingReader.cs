using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Baton.Tests;

/// <summary>
/// A reader that is not .NET's own. It counts the waits, and holds on to nothing else of them.
/// </summary>
/// <remarks>It does not override the completion.</remarks>
internal sealed class CountingReader<T> : ChannelReader<T>
{
    private readonly Queue<T> _items = [];
    private readonly List<TaskCompletionSource<bool>> _waits = [];
    private bool _hasEnded;

    /// <summary>How many waits are neither over nor given up.</summary>
    internal int Waiting
    {
        get
        {
            lock (_items)
            {
                return _waits.Count;
            }
        }
    }

    internal int WaitsEver { get; private set; }

    public override bool TryRead([MaybeNullWhen(false)] out T item)
    {
        lock (_items)
        {
            return _items.TryDequeue(out item);
        }
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        TaskCompletionSource<bool> wait;
        lock (_items)
        {
            if (_items.Count > 0 || _hasEnded)
            {
                return new ValueTask<bool>(_items.Count > 0);
            }

            wait = new TaskCompletionSource<bool>();
            _waits.Add(wait);
            WaitsEver++;
        }

        cancellationToken.UnsafeRegister(_ => Leave(wait, cancellationToken), null);
        return new ValueTask<bool>(wait.Task);
    }

    /// <summary>Adds an item, and ends the waits on the thread of the caller.</summary>
    internal void Add(T item)
    {
        lock (_items)
        {
            _items.Enqueue(item);
        }

        WakeAll(mayRead: true);
    }

    /// <summary>Ends all waits although there is no item to read.</summary>
    internal void WakeInVain() => WakeAll(mayRead: true);

    internal void End()
    {
        lock (_items)
        {
            _hasEnded = true;
        }

        WakeAll(mayRead: false);
    }

    private void WakeAll(bool mayRead)
    {
        TaskCompletionSource<bool>[] all;
        lock (_items)
        {
            all = [.. _waits];
            _waits.Clear();
        }

        foreach (var wait in all)
        {
            wait.TrySetResult(mayRead);
        }
    }

    private void Leave(TaskCompletionSource<bool> wait, CancellationToken token)
    {
        lock (_items)
        {
            _waits.Remove(wait);
        }

        wait.TrySetCanceled(token);
    }
}
