namespace Baton.Testing;

/// <summary>
/// A point at which the code under test stops until the test lets it go on. A double awaits
/// <see cref="ArriveAsync"/>; the test awaits <see cref="ArrivedAsync"/>, does what it has to do at that very
/// point, such as moving the clock or ending the context, and calls <see cref="Release"/>.
/// </summary>
/// <remarks>
/// It takes the place of waiting for time to pass: the test acts when the code is there, however slow the machine is.
/// For one arrival; make another one for the next. All members may be called from any thread.
/// </remarks>
public sealed class SyncPoint
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says that the code is here, and waits until the test releases it or the context ends.</summary>
    /// <param name="ctx">The context of the code under test.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    /// <exception cref="ContextException">The context has ended.</exception>
    public Task ArriveAsync(Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        _arrived.TrySetResult();
        return ctx.WaitAsync(_released.Task);
    }

    /// <summary>Waits until the code is at the point.</summary>
    /// <param name="limit">
    /// The longest time to wait, on the system's clock; null: 30 seconds. Zero or more, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is less than zero.</exception>
    /// <exception cref="ContextAssertionException">The code is not there after that time.</exception>
    public async Task ArrivedAsync(TimeSpan? limit = null)
    {
        var longest = limit ?? TimeSpan.FromSeconds(30);
        if (!await Limit.IsKeptAsync(_arrived.Task, longest).ConfigureAwait(false))
        {
            throw new ContextAssertionException($"The code under test has not come to the point within {longest}.");
        }
    }

    /// <summary>Lets the code go on, also code that has yet to come. A second call does nothing.</summary>
    public void Release() => _released.TrySetResult();
}
