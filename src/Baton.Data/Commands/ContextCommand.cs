using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Baton.Data;

/// <summary>A command that runs each statement under its context.</summary>
/// <remarks>
/// The driver's command is the one that runs. While the server's limit is part of its text, this command keeps
/// the text that the application gave, so that nothing of the limit is seen outside.
/// </remarks>
[ContextCarrier]
internal sealed class ContextCommand(
    DbCommand inner, StatementOptions options, IContextAccessor? accessor = null)
    : DbCommand
{
    private DbConnection? _connection;
    private string? _text;
    private int? _timeout;
    private Server? _server;

    /// <summary>The driver's command.</summary>
    internal DbCommand Inner => inner;

    internal StatementOptions Options => options;

    /// <summary>The context that the application gave this command. Null: none.</summary>
    internal Context? Context { get; set; }

    /// <summary>
    /// Whether the caller casts the reader to the driver's type and counts its statements, as SaveChanges of
    /// Entity Framework Core does: then the reader is not wrapped, and no statement is added.
    /// </summary>
    internal bool IsDriversOwnReaderNeeded { get; init; }

    /// <summary>
    /// Whether each execution opens the connection and closes it, as a command of a data source does. The driver's
    /// own command of a data source is not used: Npgsql's cannot be canceled.
    /// </summary>
    internal bool OwnsConnection { get; init; }

    internal bool IsPrepared { get; private set; }

    [AllowNull]
    public override string CommandText
    {
        get => _text ?? inner.CommandText;
        set => (inner.CommandText, _text, IsPrepared) = (value, null, false);
    }

    public override int CommandTimeout
    {
        get => _timeout ?? inner.CommandTimeout;
        set => (inner.CommandTimeout, _timeout) = (value, null);
    }

    public override CommandType CommandType
    {
        get => inner.CommandType;
        set => inner.CommandType = value;
    }

    public override bool DesignTimeVisible
    {
        get => inner.DesignTimeVisible;
        set => inner.DesignTimeVisible = value;
    }

    public override UpdateRowSource UpdatedRowSource
    {
        get => inner.UpdatedRowSource;
        set => inner.UpdatedRowSource = value;
    }

    protected override DbConnection? DbConnection
    {
        get => OwnsConnection ? throw NotOfDataSource() : _connection ?? inner.Connection;
        set
        {
            if (OwnsConnection)
            {
                throw NotOfDataSource();
            }

            inner.Connection = value is ContextConnection own ? own.Inner : value;
            (_connection, _server, IsPrepared) = (value, null, false);
        }
    }

    protected override DbTransaction? DbTransaction
    {
        get => inner.Transaction;
        set => inner.Transaction = OwnsConnection ? throw NotOfDataSource() : value;
    }

    protected override DbParameterCollection DbParameterCollection => inner.Parameters;

    private Server? Server =>
        _server ??= inner.Connection is { } connection ? Server.Of(connection) : null;

    public override void Cancel() => inner.Cancel();

    public override void Prepare()
    {
        if (OwnsConnection)
        {
            throw NotOfDataSource();
        }

        Restore();
        inner.Prepare();
        IsPrepared = true;
    }

    public override async Task PrepareAsync(CancellationToken cancellationToken = default)
    {
        if (OwnsConnection)
        {
            throw NotOfDataSource();
        }

        Restore();
        await inner.PrepareAsync(cancellationToken).ConfigureAwait(false);
        IsPrepared = true;
    }

    public override int ExecuteNonQuery() => Run(default, static (command, _) => command.ExecuteNonQuery());

    public override object? ExecuteScalar() => Run(default, static (command, _) => command.ExecuteScalar());

    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => RunAsync(
        default, static (command, _, token) => command.ExecuteNonQueryAsync(token), cancellationToken);

    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) => RunAsync(
        default, static (command, _, token) => command.ExecuteScalarAsync(token), cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        var connection = OwnsConnection ? inner.Connection : null;
        await inner.DisposeAsync().ConfigureAwait(false);
        if (connection is not null)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        Run(behavior, static (command, behavior) => command.ExecuteReader(behavior));

    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(
        CommandBehavior behavior, CancellationToken cancellationToken) => RunAsync(
        behavior,
        static (command, behavior, token) => command.ExecuteReaderAsync(behavior, token),
        cancellationToken);

    protected override DbParameter CreateDbParameter() => inner.CreateParameter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            var connection = OwnsConnection ? inner.Connection : null;
            inner.Dispose();
            connection?.Dispose();
        }
    }

    /// <summary>A command of the driver on the same connection and in the same transaction.</summary>
    internal DbCommand NewCommand()
    {
        var command = inner.Connection!.CreateCommand();
        command.Transaction = inner.Transaction;
        return command;
    }

    /// <summary>Runs another text than the application's, until the next execution.</summary>
    internal void Replace(string text) => (_text, inner.CommandText) = (inner.CommandText, text);

    /// <summary>Shortens the driver's own timeout to so many seconds, until the next execution.</summary>
    internal void ShortenTimeout(int seconds)
    {
        if (inner.CommandTimeout == 0 || inner.CommandTimeout > seconds)
        {
            (_timeout, inner.CommandTimeout) = (inner.CommandTimeout, seconds);
        }
    }

    /// <summary>
    /// Undoes what the last execution changed in the driver's command. That execution could not: the driver
    /// refuses changes while a reader is open.
    /// </summary>
    private void Restore()
    {
        if (_text is not null)
        {
            (inner.CommandText, _text) = (_text, null);
        }

        if (_timeout is { } timeout)
        {
            (inner.CommandTimeout, _timeout) = (timeout, null);
        }
    }

    private T Run<T>(CommandBehavior behavior, Func<DbCommand, CommandBehavior, T> execute)
    {
        Restore();
        var statement = Begin(CancellationToken.None);
        T? result = default;
        try
        {
            statement?.Refuse();
            if (OwnsConnection)
            {
                inner.Connection!.Open();
            }

            statement?.Start(behavior);
            result = execute(inner, OwnsConnection ? behavior | CommandBehavior.CloseConnection : behavior);
            return Wrap(result, statement);
        }
        catch (Exception e) when (statement?.IsEnd(e) == true)
        {
            throw statement.EndedBy(e);
        }
        finally
        {
            if (IsOver(result))
            {
                statement?.Finish();
            }

            if (OwnsConnection && result is not DbDataReader)
            {
                inner.Connection!.Close();
            }
        }
    }

    private async Task<T> RunAsync<T>(
        CommandBehavior behavior,
        Func<DbCommand, CommandBehavior, CancellationToken, Task<T>> execute,
        CancellationToken token)
    {
        Restore();
        var statement = Begin(token);
        T? result = default;
        try
        {
            statement?.Refuse();
            if (OwnsConnection)
            {
                behavior |= CommandBehavior.CloseConnection;
                await inner.Connection!.OpenAsync(token).ConfigureAwait(false);
            }

            if (statement is not null)
            {
                await statement.StartAsync(behavior).ConfigureAwait(false);
            }

            result = await execute(inner, behavior, statement?.DriverToken(token) ?? token).ConfigureAwait(false);
            return Wrap(result, statement);
        }
        catch (Exception e) when (statement?.IsEnd(e) == true)
        {
            throw await statement.EndedByAsync(e).ConfigureAwait(false);
        }
        finally
        {
            if (IsOver(result))
            {
                statement?.Finish();
            }

            if (OwnsConnection && result is not DbDataReader)
            {
                await inner.Connection!.CloseAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether nothing of the statement runs once the execution has returned.</summary>
    private bool IsOver<T>(T? result) => result is not DbDataReader || IsDriversOwnReaderNeeded;

    private T Wrap<T>(T result, Statement? statement) =>
        statement is not null && !IsOver(result) && result is DbDataReader reader
            ? (T)(object)new ContextDataReader(reader, statement)
            : result;

    private static NotSupportedException NotOfDataSource() => new(
        "A command of a data source opens a connection for each execution, so it has none of its own, no transaction, "
        + "and cannot be prepared. Take the command from dataSource.OpenConnectionAsync() instead.");

    /// <summary>The statement that is about to run; null if it has no context that can end.</summary>
    private Statement? Begin(CancellationToken token)
    {
        if (Server is not { } known)
        {
            return null;
        }

        known.Engine.Note(this);
        var ctx = Context
            ?? (Context.TryFromToken(token, out var found) ? found : null)
            ?? (options.ContextAccessor ?? accessor)?.Current;
        return ctx is not null && ctx.Done.CanBeCanceled ? new Statement(ctx, this, known, token) : null;
    }
}
