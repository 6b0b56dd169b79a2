using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>Waits until a channel is worth a try, again and again until the run is over.</summary>
internal sealed class ChannelWait(SelectRun run, ChannelCase channel) : ISelectWait
{
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _wait;
    private Action? _onWoken;

    /// <summary>How the last wait ended. Written before <see cref="_isWoken"/>.</summary>
    private bool _mayTry;
    private Exception? _error;

    /// <summary>Whether the last wait has ended and no try has followed yet.</summary>
    private bool _isWoken;

    public Task<int>? Start(int index)
    {
        for (var spin = default(SpinWait); ;)
        {
            var wait = Awaiter(channel.WaitAsync(run.StopToken));
            if (!wait.IsCompleted)
            {
                // From here until the flag is set, the fields belong to the thread that ends the wait.
                _wait = wait;
                wait.UnsafeOnCompleted(_onWoken ??= OnWoken);
                return null;
            }

            var mayTry = Result(wait, out var error);
            var outcome = mayTry ? channel.TryTake(index) : channel.TakeEnd(index, error);
            if (outcome is not null)
            {
                return outcome;
            }

            // Another reader or writer was quicker.
            Seam.Wait(ref spin);
        }
    }

    public Task<int>? TryTake(int index)
    {
        // Acquire: the result of the wait, written before the flag, is seen with it.
        if (!Volatile.Read(ref _isWoken))
        {
            return null;
        }

        // The flag is cleared before the next wait starts: that wait may end, and set it, at any time.
        _isWoken = false;
        return _mayTry ? channel.TryTake(index) ?? Start(index) : channel.TakeEnd(index, _error);
    }

    public void Release()
    {
    }

    private static ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter Awaiter(
        ValueTask<bool> wait) =>
        wait.ConfigureAwait(false).GetAwaiter();

    /// <summary>
    /// How a wait ended. Called exactly once for each wait, because the channel may use its object again.
    /// </summary>
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

    /// <summary>
    /// Runs on the thread on which the channel ends its waits, also when the stop token has ended this one.
    /// </summary>
    private void OnWoken()
    {
        _mayTry = Result(_wait, out _error);

        // Release: see TryTake.
        Volatile.Write(ref _isWoken, true);
        run.Wake();
    }
}
