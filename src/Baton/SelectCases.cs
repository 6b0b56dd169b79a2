using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>
/// The cases of a <see cref="Select"/>. Add cases, then await it for the index of the one that was taken.
/// </summary>
/// <remarks>
/// <para>
/// If several cases are ready, one of them is chosen uniformly at random. The default case is taken only if
/// none is. Without a default case the wait goes on until one is ready. Nothing is left behind by a case that
/// lost.
/// </para>
/// <para>
/// Each await selects anew, with the delays counted from then, so one object can serve a loop. Add cases from
/// one thread; awaiting is safe from any. Delays run on the clock of the first context among the cases, else
/// on <see cref="TimeProvider.System"/>. The handler of the case that was taken has finished when the await
/// completes, and an exception of it is the await's.
/// </para>
/// </remarks>
public sealed class SelectCases
{
    private readonly List<SelectCase> _cases = [];
    private Context _clock = Context.Background;
    private int _default = -1;

    internal SelectCases()
    {
    }

    /// <summary>Adds a case that is ready after <paramref name="delay"/>.</summary>
    /// <param name="delay">
    /// Zero or more, without upper bound; <see cref="Timeout.InfiniteTimeSpan"/> is never ready.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="delay"/> is negative and not infinite.
    /// </exception>
    public SelectCases After(TimeSpan delay)
    {
        Guard.Delay(delay);
        return Add(new SelectCase { Delay = delay });
    }

    /// <inheritdoc cref="After(TimeSpan)" />
    /// <param name="delay">As above.</param>
    /// <param name="handler">Run if the case is taken.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    public SelectCases After(TimeSpan delay, Action handler)
    {
        Guard.Delay(delay);
        ArgumentNullException.ThrowIfNull(handler);
        return Add(new SelectCase { Delay = delay, Handler = handler });
    }

    /// <inheritdoc cref="After(TimeSpan, Action)" />
    public SelectCases After(TimeSpan delay, Func<Task> handler)
    {
        Guard.Delay(delay);
        ArgumentNullException.ThrowIfNull(handler);
        return Add(new SelectCase { Delay = delay, AsyncHandler = handler });
    }

    /// <summary>Adds a case that is ready when <paramref name="ctx"/> is done.</summary>
    /// <param name="ctx">One that can never be done is never ready.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    public SelectCases Done(Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        return Add(new SelectCase { Context = ctx });
    }

    /// <inheritdoc cref="Done(Context)" />
    /// <param name="ctx">One that can never be done is never ready.</param>
    /// <param name="handler">Run if the case is taken.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="ctx"/> or <paramref name="handler"/> is null.
    /// </exception>
    public SelectCases Done(Context ctx, Action handler)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(handler);
        return Add(new SelectCase { Context = ctx, Handler = handler });
    }

    /// <inheritdoc cref="Done(Context, Action)" />
    public SelectCases Done(Context ctx, Func<Task> handler)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(handler);
        return Add(new SelectCase { Context = ctx, AsyncHandler = handler });
    }

    /// <summary>Adds the case that is taken if no other is ready, so that nothing is waited for.</summary>
    /// <exception cref="InvalidOperationException">There is a default case already.</exception>
    public SelectCases Default() => AddDefault(new SelectCase());

    /// <inheritdoc cref="Default()" />
    /// <param name="handler">Run if the case is taken.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    public SelectCases Default(Action handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return AddDefault(new SelectCase { Handler = handler });
    }

    /// <inheritdoc cref="Default(Action)" />
    public SelectCases Default(Func<Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return AddDefault(new SelectCase { AsyncHandler = handler });
    }

    /// <summary>
    /// The selection as a task: the index of the case that was taken. Each call selects anew.
    /// </summary>
    public Task<int> AsTask() => RunAsync();

    /// <summary>Makes the cases awaitable: the result is the index of the case that was taken.</summary>
    public TaskAwaiter<int> GetAwaiter() => AsTask().GetAwaiter();

    private SelectCases AddDefault(SelectCase added)
    {
        if (_default >= 0)
        {
            throw new InvalidOperationException(
                $"A select has one default case, and case {_default} is it. Remove one of the two.");
        }

        _default = _cases.Count;
        return Add(added);
    }

    private SelectCases Add(SelectCase added)
    {
        if (added.Context is { } ctx && !_cases.Exists(static other => other.Context is not null))
        {
            _clock = ctx;
        }

        _cases.Add(added);
        return this;
    }

    private async Task<int> RunAsync()
    {
        // What was added after this select began is not part of it.
        var cases = _cases.ToArray();
        var taken = TryTake(cases, out var ready) ? ready
            : _default >= 0 ? _default
            : await new SelectWait(cases, _clock).Task.ConfigureAwait(false);

        cases[taken].Handler?.Invoke();
        if (cases[taken].AsyncHandler is { } handler)
        {
            await handler().ConfigureAwait(false);
        }

        return taken;
    }

    /// <summary>Takes one of the ready cases, each with the same chance.</summary>
    private static bool TryTake(SelectCase[] cases, out int taken)
    {
        taken = -1;
        var ready = 0;
        for (var i = 0; i < cases.Length; i++)
        {
            // The n-th ready case replaces the choice with a chance of 1/n.
            if (cases[i].IsReady && Random.Shared.Next(++ready) == 0)
            {
                taken = i;
            }
        }

        return ready > 0;
    }
}
