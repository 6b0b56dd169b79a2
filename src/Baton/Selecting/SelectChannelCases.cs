using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Baton;

/// <summary>Ready when its channel lets it take or give an item, or has ended.</summary>
/// <remarks>
/// A channel tells that it may be worth a try, never that the try will succeed: somebody else may be quicker.
/// Only the thread that has the run tries, so of all cases at most one takes effect.
/// </remarks>
internal abstract class ChannelCase(Delegate? handler) : SelectCase(handler)
{
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _wait;
    private Action? _onWoken;

    /// <summary>What the last wait ended with. Written before the case is signaled.</summary>
    private bool _mayTry;
    private Exception? _error;

    internal sealed override bool IsPlain => false;

    internal sealed override bool TryTake(SelectCases run)
    {
        if (!IsWaiting)
        {
            return TryAct() || (MayHaveEnded && Await(run));
        }

        IsSignaled = false;
        return HasEnded(_mayTry, _error) || TryAct() || Wait(run);
    }

    /// <summary>Whether only a wait tells if the channel has ended.</summary>
    private protected abstract bool MayHaveEnded { get; }

    /// <summary>Takes or gives the item, if that can be done at once.</summary>
    private protected abstract bool TryAct();

    private protected abstract ValueTask<bool> WaitAsync(CancellationToken stop);

    /// <summary>The channel has ended: that is what the case was taken by. Or throws.</summary>
    private protected abstract void OnEnded(Exception? error);

    private protected sealed override bool Wait(SelectCases run)
    {
        for (var wait = default(SpinWait); ;)
        {
            var pending = Awaiter(WaitAsync(run.StopToken));
            if (!pending.IsCompleted)
            {
                // From here to the signal the fields are the wait's.
                _wait = pending;
                pending.UnsafeOnCompleted(_onWoken ??= OnWoken);
                return false;
            }

            if (HasEnded(Result(pending, out var error), error) || TryAct())
            {
                return true;
            }

            // Somebody was quicker.
            Seam.Wait(ref wait);
        }
    }

    private static ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter Awaiter(
        ValueTask<bool> wait) =>
        wait.ConfigureAwait(false).GetAwaiter();

    /// <summary>What a wait ended with. Asked exactly once for each: its source may be pooled.</summary>
    private static bool Result(
        in ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter wait, out Exception? error)
    {
        try
        {
            error = null;
            return wait.GetResult();
        }
        catch (Exception e)
        {
            error = e;
            return false;
        }
    }

    private bool HasEnded(bool mayTry, Exception? error)
    {
        if (!mayTry)
        {
            OnEnded(error);
        }

        return !mayTry;
    }

    /// <summary>
    /// On whatever thread the channel completes waits, also when it was told to give this one up.
    /// </summary>
    private void OnWoken()
    {
        _mayTry = Result(_wait, out _error);
        Waiter!.Wake(this);
    }
}

/// <summary>Ready when there is an item, or will never be one.</summary>
internal sealed class ReceiveCase<T>(ChannelReader<T> reader, Received<T>? received, Delegate? handler)
    : ChannelCase(handler)
{
    private T? _item;
    private bool _hasItem;

    internal override bool HasEpilogue => HasHandler || received is not null;

    internal override SelectCase Fresh() => new ReceiveCase<T>(reader, received, Handler);

    internal override Task? Epilogue()
    {
        var (item, hasItem) = (_item, _hasItem);

        // Not held on to: the cases may be kept for long.
        _item = default;
        received?.Set(item, hasItem);
        if (Handler is Func<T?, bool, Task> asyncHandler)
        {
            return asyncHandler(item, hasItem);
        }

        ((Action<T?, bool>?)Handler)?.Invoke(item, hasItem);
        return null;
    }

    /// <summary>A reader's completion comes after its last item.</summary>
    private protected override bool MayHaveEnded => reader.Completion.IsCompleted;

    private protected override bool TryAct() => _hasItem = reader.TryRead(out _item);

    private protected override ValueTask<bool> WaitAsync(CancellationToken stop) =>
        reader.WaitToReadAsync(stop);

    private protected override void OnEnded(Exception? error)
    {
        _hasItem = false;
        if (error is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }
    }
}

/// <summary>Ready when there is room for the item, or will never be any.</summary>
internal sealed class SendCase<T>(ChannelWriter<T> writer, T item, Delegate? handler) : ChannelCase(handler)
{
    internal override SelectCase Fresh() => new SendCase<T>(writer, item, Handler);

    /// <summary>A writer says so only to who waits.</summary>
    private protected override bool MayHaveEnded => true;

    private protected override bool TryAct() => writer.TryWrite(item);

    private protected override ValueTask<bool> WaitAsync(CancellationToken stop) =>
        writer.WaitToWriteAsync(stop);

    private protected override void OnEnded(Exception? error) =>
        throw (error as ChannelClosedException ?? new ChannelClosedException(error));
}
