using System.Data;
using System.Data.Common;

namespace Baton.Data;

/// <summary>One execution of a command under a context, until its result has been read.</summary>
/// <remarks>
/// <para>
/// Two threads meet here: the one that executes and reads, and the one that ends the statement after the
/// context is done. The lock keeps a cancel from reaching the connection after this statement has finished,
/// because then the cancel would hit the next statement on that connection.
/// </para>
/// </remarks>
[ContextCarrier]
internal sealed class Statement(Context ctx, ContextCommand command, Server server, CancellationToken token)
{
    /// <summary>How long the server's limit may be late before the driver's cancel is used.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How close to the deadline the server's limit counts as the deadline. The server's clock and the rounding
    /// of its limit differ from the context's by a few milliseconds.
    /// </summary>
    private static readonly TimeSpan s_close = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// When a cancel is tried again. A cancel that comes before the driver has sent the statement has no effect.
    /// </summary>
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private ContextRegistration _onEnd;
    private ITimer? _timer;
    private object? _told;
    private bool _hasLimit;
    private bool _hasDriverToken;
    private bool _isCanceled;
    private bool _isCounted;
    private bool _isFinished;

    private Engine Engine => server.Engine;

    private CancellationToken Token => token.CanBeCanceled ? token : ctx.Done;

    /// <summary>Throws if the context is done, or if too little time remains for the statement.</summary>
    internal void Refuse()
    {
        if (ctx.IsDone)
        {
            var ended = ctx.NewException(token: Token);
            DataMeter.Refused(Engine, ended);
            throw ended;
        }

        try
        {
            ctx.ThrowIfRemainingLessThan(command.Options.Needed);
        }
        catch (ContextException e)
        {
            DataMeter.Refused(Engine, e);
            throw;
        }
    }

    /// <summary>Gets the statement ready to run on a connection that is open.</summary>
    internal void Start(CommandBehavior behavior)
    {
        if (MayHaveLimit(behavior) && !server.KnowsOwnLimit)
        {
            server.Learn(command);
        }

        Refuse();
        Register(behavior);
    }

    /// <inheritdoc cref="Start" />
    internal async ValueTask StartAsync(CommandBehavior behavior)
    {
        if (MayHaveLimit(behavior) && !server.KnowsOwnLimit)
        {
            await server.LearnAsync(ctx, command).ConfigureAwait(false);
        }

        Refuse();
        Register(behavior);
    }

    /// <summary>
    /// The token for the driver. Where the driver would open a connection to cancel, the context's own token is
    /// withheld: this statement ends the command instead, in its turn.
    /// </summary>
    internal CancellationToken DriverToken(CancellationToken given)
    {
        if (given == ctx.Done && !Engine.TakesContextToken)
        {
            return CancellationToken.None;
        }

        _hasDriverToken |= given == ctx.Done;
        return given;
    }

    internal bool Read(DbDataReader reader, Func<DbDataReader, bool> read)
    {
        ThrowIfDone();
        try
        {
            return read(reader);
        }
        catch (Exception e) when (IsEnd(e))
        {
            throw EndedBy(e);
        }
    }

    internal Task<bool> ReadAsync(
        DbDataReader reader, Func<DbDataReader, CancellationToken, Task<bool>> read, CancellationToken given)
    {
        if (ctx.IsDone)
        {
            return Task.FromException<bool>(Ended(transportException: null));
        }

        var reading = read(reader, DriverToken(given));
        return reading.IsCompletedSuccessfully ? reading : Translate(reading);
    }

    /// <summary>Whether the context is why the driver threw this.</summary>
    internal bool IsEnd(Exception e)
    {
        if (e is ContextException)
        {
            return false;
        }

        return ctx.IsDone
            ? Engine.IsEnd(e, _isCanceled)
            : _hasLimit && Engine.IsLimit(e) && ctx.Remaining <= command.Options.Reserve + s_close;
    }

    /// <summary>What the caller is told instead of the driver's exception.</summary>
    internal ContextException EndedBy(Exception e)
    {
        if (IsDoneAnyMoment)
        {
            ctx.Done.WaitHandle.WaitOne(Grace);
        }

        return Ended(e);
    }

    /// <inheritdoc cref="EndedBy" />
    internal async ValueTask<ContextException> EndedByAsync(Exception e)
    {
        if (IsDoneAnyMoment)
        {
            try
            {
                await ctx.Delay(Grace).ConfigureAwait(false);
            }
            catch (ContextException)
            {
                // This is the end that the server's limit came a moment before.
            }
        }

        return Ended(e);
    }

    /// <summary>Lets go of the context. From then on nothing of this statement reaches the connection.</summary>
    internal void Finish()
    {
        lock (_lock)
        {
            _isFinished = true;
            _timer?.Dispose();
        }

        _onEnd.Stop();
        CallEvents.Stop(Interlocked.Exchange(ref _told, null));
    }

    /// <summary>Ends the statement through the driver, and makes sure that it is tried again if it goes on.</summary>
    internal void Cancel()
    {
        lock (_lock)
        {
            if (_isFinished)
            {
                return;
            }

            _isCanceled = true;
            try
            {
                Engine.Cancel(command);
            }
            catch (Exception)
            {
                // This is a thread of the pool: an exception here would end the process. The next try, or the
                // driver's own timeout, ends the statement.
            }
        }

        CancelAfter(s_again);
    }

    private bool IsDoneAnyMoment =>
        !ctx.IsDone && ctx.Remaining <= s_close && ctx.TimeProvider == TimeProvider.System;

    private bool MayHaveLimit(CommandBehavior behavior) =>
        ctx.Deadline is not null
        && (behavior & (CommandBehavior.SchemaOnly | CommandBehavior.KeyInfo)) == 0
        && Engine.MayHaveLimit(command);

    private void Register(CommandBehavior behavior)
    {
        if (ctx.Deadline is not null)
        {
            var time = ctx.Remaining - command.Options.Reserve;
            if (MayHaveLimit(behavior) && server.OwnLimit is { } own && (own == TimeSpan.Zero || own > time))
            {
                Engine.SetLimit(command, time);
                _hasLimit = true;
            }

            Engine.SetTimeout(command, time);
        }

        _onEnd = ctx.AfterFunc(OnEnd);
        _told = CallEvents.Start(ctx, server.Target, operation: null);
    }

    private void OnEnd()
    {
        if (_hasLimit && ctx.Err is DeadlineExceededException)
        {
            CancelAfter(Grace);
        }
        else if (!_hasDriverToken)
        {
            server.Cancels.Add(this);
        }
    }

    private void CancelAfter(TimeSpan time)
    {
        lock (_lock)
        {
            if (_isFinished)
            {
                return;
            }

            _timer ??= ctx.TimeProvider.CreateTimer(
                static statement => ((Statement)statement!).CancelInTurn(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
            _timer.Change(time, Timeout.InfiniteTimeSpan);
        }
    }

    private void CancelInTurn() => server.Cancels.Add(this);

    private async Task<bool> Translate(Task<bool> reading)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e))
        {
            throw await EndedByAsync(e).ConfigureAwait(false);
        }
    }

    private void ThrowIfDone()
    {
        if (ctx.IsDone)
        {
            throw Ended(transportException: null);
        }
    }

    private ContextException Ended(Exception? transportException)
    {
        if (!_isCounted)
        {
            _isCounted = true;
            DataMeter.Ended(Engine, isByServer: !_isCanceled && transportException is not null && _hasLimit);
        }

        // With a reserve, the server's limit ends the statement while the context is still live.
        return ctx.IsDone
            ? ctx.NewException(transportException, Token)
            : new DeadlineExceededException(
                ctx.Deadline!.Value,
                cause: new InsufficientTimeException(command.Options.Reserve, ctx.Remaining),
                transportException: transportException,
                token: Token);
    }
}
