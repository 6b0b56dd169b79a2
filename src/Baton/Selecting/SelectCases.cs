using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Baton;

/// <summary>
/// The cases of a <see cref="Select"/>. Add cases, then await the object for the index of the case that was
/// taken.
/// </summary>
/// <remarks>
/// <para>
/// If several cases are ready, one of them is chosen uniformly at random. The default case is taken only if
/// no other case is ready. Without a default case the await waits until a case is ready.
/// </para>
/// <para>
/// Exactly one case takes effect: no other case receives or sends an item. When the await completes, the
/// cases that lost have left nothing behind: no timer, no registration, and no wait on a channel or task.
/// </para>
/// <para>
/// A case that was added with <c>when: false</c> is never ready, as a case with a nil channel is in Go. It
/// keeps its place, so that the indexes of the other cases stay the same. If no case can become ready, the
/// await never completes.
/// </para>
/// <para>
/// Each await selects anew, with its delays counted from then, so one object can serve a loop. Delays run on
/// the clock of the first context among the cases; without one, on <see cref="TimeProvider.System"/>.
/// </para>
/// <para>
/// Threads: add cases from one thread; awaiting is safe from any. The await never continues on the thread
/// that made its case ready. Selects that wait on the same channel are served in no particular order.
/// </para>
/// </remarks>
public sealed class SelectCases
{
    // Most selects have two cases. A run keeps the array that it began with, so growing is safe.
    private SelectCase[] _cases = new SelectCase[2];
    private int _count;

    internal SelectCases()
    {
    }

    /// <summary>Adds a case that is ready after <paramref name="delay"/>.</summary>
    /// <param name="delay">
    /// Zero or more, without upper bound. Zero is ready at once; <see cref="Timeout.InfiniteTimeSpan"/> is
    /// never ready.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="delay"/> is negative and not infinite.
    /// </exception>
    public SelectCases After(TimeSpan delay)
    {
        Guard.Delay(delay);
        return Append(new AfterCase(delay));
    }

    /// <summary>Adds a case that is ready when <paramref name="ctx"/> is done.</summary>
    /// <param name="ctx">A context that can never be done is never ready.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    public SelectCases Done(Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        return Append(new DoneCase(ctx));
    }

    /// <summary>
    /// Adds a case that is ready when an item can be received, or the channel has ended. The item is dropped.
    /// </summary>
    /// <remarks>
    /// <inheritdoc cref="Receive{T}(ChannelReader{T}, out Received{T}, bool)" path="/remarks/para" />
    /// </remarks>
    /// <param name="reader">
    /// <inheritdoc cref="Receive{T}(ChannelReader{T}, out Received{T}, bool)"
    /// path="/param[@name='reader']/node()" />
    /// </param>
    /// <param name="when">Whether the case takes part. If false, it is never ready.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="reader"/> is null and <paramref name="when"/> is true.
    /// </exception>
    public SelectCases Receive<T>(ChannelReader<T>? reader, bool when = true)
    {
        if (!when)
        {
            return Append(SelectCase.Never);
        }

        ArgumentNullException.ThrowIfNull(reader);
        return Append(new ReceiveCase<T>(reader, received: null));
    }

    /// <summary>Adds a case that is ready when an item can be received, or the channel has ended.</summary>
    /// <remarks>
    /// <para>The item is taken from the channel only if the case is taken.</para>
    /// <para>
    /// A channel that was completed and is empty has ended, and is then always ready: a loop over several
    /// channels uses <paramref name="when"/> to leave out the ones that have ended, or it never waits again.
    /// If the channel was completed with an exception, the await throws that exception.
    /// </para>
    /// <para>
    /// With a default case, the end of the channel is noticed through <see
    /// cref="ChannelReader{T}.Completion"/>, which a reader class of your own must override.
    /// </para>
    /// </remarks>
    /// <param name="reader">
    /// The reader of any channel. A single-reader channel allows one waiting reader at a time, and each
    /// waiting case is one. On a channel without a buffer (capacity 0) a waiting select meets
    /// <see cref="ChannelWriter{T}.WriteAsync"/>, not the Send of another select. Null is allowed with
    /// <c>when: false</c>.
    /// </param>
    /// <param name="received">
    /// Holds the item after each await that takes the case. An await that takes another case leaves it as it
    /// was.
    /// </param>
    /// <param name="when">Whether the case takes part. If false, it is never ready.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="reader"/> is null and <paramref name="when"/> is true.
    /// </exception>
    public SelectCases Receive<T>(ChannelReader<T>? reader, out Received<T> received, bool when = true)
    {
        received = new Received<T>();
        if (!when)
        {
            return Append(SelectCase.Never);
        }

        ArgumentNullException.ThrowIfNull(reader);
        return Append(new ReceiveCase<T>(reader, received));
    }

    /// <summary>Adds a case that is ready when <paramref name="item"/> can be sent.</summary>
    /// <remarks>
    /// The item is sent only if the case is taken. A bounded channel that drops items is always ready, and
    /// drops as it does for any writer. If the channel was completed, the case is ready too, and an await
    /// that takes it throws a <see cref="ChannelClosedException"/>.
    /// </remarks>
    /// <param name="writer">
    /// The writer of any channel. On a channel without a buffer (capacity 0) a waiting select meets <see
    /// cref="ChannelReader{T}.ReadAsync"/>, not the Receive of another select. Null is allowed with
    /// <c>when: false</c>.
    /// </param>
    /// <param name="item">Each await that takes the case sends it again.</param>
    /// <param name="when">Whether the case takes part. If false, it is never ready.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="writer"/> is null and <paramref name="when"/> is true.
    /// </exception>
    public SelectCases Send<T>(ChannelWriter<T>? writer, T item, bool when = true)
    {
        if (!when)
        {
            return Append(SelectCase.Never);
        }

        ArgumentNullException.ThrowIfNull(writer);
        return Append(new SendCase<T>(writer, item));
    }

    /// <summary>Adds a case that is ready when <paramref name="task"/> has completed.</summary>
    /// <remarks>
    /// The result of the task is read from the task. If the task failed or was canceled, an await that takes
    /// the case throws the task's exception. If another case is taken, the task continues, and its exception
    /// stays unobserved.
    /// </remarks>
    /// <param name="task">The select never ends it. Null is allowed with <c>when: false</c>.</param>
    /// <param name="when">Whether the case takes part. If false, it is never ready.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="task"/> is null and <paramref name="when"/> is true.
    /// </exception>
    public SelectCases Completed(Task? task, bool when = true)
    {
        if (!when)
        {
            return Append(SelectCase.Never);
        }

        ArgumentNullException.ThrowIfNull(task);
        return Append(new CompletedCase(task));
    }

    /// <summary>
    /// Adds the case that is taken if no other case is ready, so that the await does not wait.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a default case already.</exception>
    public SelectCases Default()
    {
        var index = Array.IndexOf(_cases, SelectCase.Default, 0, _count);
        return index < 0
            ? Append(SelectCase.Default)
            : throw new InvalidOperationException(
                $"A select has at most one default case, and case {index} is one already. Remove one of the "
                + "two.");
    }

    /// <summary>
    /// Selects, and gives the index of the case that was taken as a task. Each call selects anew.
    /// </summary>
    public Task<int> AsTask() => AsTask(Random.Shared);

    /// <summary>Makes the cases awaitable: the result is the index of the case that was taken.</summary>
    public TaskAwaiter<int> GetAwaiter() => AsTask().GetAwaiter();

    /// <summary>
    /// Selects, and gives an awaitable that continues on the captured context only if it is told to.
    /// </summary>
    /// <param name="continueOnCapturedContext">
    /// False lets the await continue on the thread pool, as library code should. True continues on the
    /// <see cref="SynchronizationContext"/> or <see cref="TaskScheduler"/> of the caller.
    /// </param>
    public ConfiguredTaskAwaitable<int> ConfigureAwait(bool continueOnCapturedContext) =>
        AsTask().ConfigureAwait(continueOnCapturedContext);

    /// <summary>
    /// Selects. The choice among cases that are ready now is made by <paramref name="random"/>.
    /// </summary>
    internal Task<int> AsTask(Random random)
    {
        var cases = new ReadOnlySpan<SelectCase>(_cases, 0, _count);
        SelectRun? run = null;
        Task<int>? outcome;
        try
        {
            outcome = TryTakeAny(cases, random, ref run) ?? TryTakeDefault(cases);
        }
        catch (Exception e)
        {
            // A channel has thrown. Its exception belongs to the awaiter, as that of a failed task does.
            outcome = EndedTask.By<int>(e);
        }

        if (outcome is null)
        {
            return DelayOrDoneContext.TryStart(cases) ?? (run ?? new SelectRun(cases)).Wait(cases);
        }

        run?.Abandon();
        return outcome;
    }

    /// <summary>
    /// Tries the cases in random order. Makes a run only if a case needs a wait to learn whether it is ready.
    /// </summary>
    private static Task<int>? TryTakeAny(
        ReadOnlySpan<SelectCase> cases, Random random, ref SelectRun? run)
    {
        Span<int> order = cases.Length <= SelectRun.MostOnStack
            ? stackalloc int[cases.Length]
            : new int[cases.Length];
        SelectRun.Shuffle(order, random);
        foreach (var index in order)
        {
            var outcome = cases[index].TryTake(index);
            if (outcome is null && cases[index].IsToldByWaiting)
            {
                run ??= new SelectRun(cases);
                outcome = run.StartWait(cases, index);
            }

            if (outcome is not null)
            {
                return outcome;
            }
        }

        return null;
    }

    private static Task<int>? TryTakeDefault(ReadOnlySpan<SelectCase> cases)
    {
        var index = cases.IndexOf(SelectCase.Default);
        return index < 0 ? null : Task.FromResult(index);
    }

    private SelectCases Append(SelectCase added)
    {
        if (_count == _cases.Length)
        {
            Array.Resize(ref _cases, 2 * _count);
        }

        _cases[_count++] = added;
        return this;
    }
}
