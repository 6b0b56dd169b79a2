using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Baton.Data;

/// <summary>PostgreSQL through Npgsql: the server ends the statement by <c>statement_timeout</c>.</summary>
/// <remarks>
/// <para>
/// The limit goes in front of the statement, in the same batch: <c>SET statement_timeout=300;</c>, and behind it
/// <c>RESET statement_timeout</c>. The batch is one round trip and one transaction. If the statement fails, the
/// server takes the <c>SET</c> back with the rest of the transaction; if not, <c>RESET</c> does. So nothing
/// stays on the connection, also behind a PgBouncer in transaction mode.
/// </para>
/// <para>
/// <c>SET LOCAL</c> is not used because the server logs a warning for it outside of a transaction (25P01), and
/// <c>set_config</c> is not because its result would be the first that a reader sees.
/// </para>
/// </remarks>
internal sealed class PostgresEngine : Engine
{
    private const string Setting = "statement_timeout";
    private const string QueryCanceled = "57014";

    /// <summary>Connections on which the application has set a limit of its own.</summary>
    private readonly ConditionalWeakTable<DbConnection, object> _handSet = [];

    internal override string Name => "postgresql";

    internal override bool TakesContextToken => false;

    internal override bool HasOwnLimit => true;

    internal override void Note(ContextCommand command)
    {
        if (command.CommandText.Contains(Setting, StringComparison.OrdinalIgnoreCase)
            && command.Inner.Connection is { } connection)
        {
            _handSet.AddOrUpdate(connection, Setting);
        }
    }

    internal override bool MayHaveLimit(ContextCommand command) =>
        command is { IsPrepared: false, IsDriversOwnReaderNeeded: false, CommandType: CommandType.Text }
        && !HasPositionalParameters(command.Parameters)
        && !(command.Inner.Connection is { } connection && _handSet.TryGetValue(connection, out _))
        && !command.CommandText.Contains(Setting, StringComparison.OrdinalIgnoreCase)
        && PostgresText.IsPlain(command.CommandText);

    internal override void SetLimit(ContextCommand command, TimeSpan time)
    {
        var text = command.CommandText;
        command.Replace(string.Create(
            CultureInfo.InvariantCulture,
            $"SET {Setting}={Milliseconds(time)};{text}{(text.AsSpan().TrimEnd().EndsWith(';') ? "\n" : "\n;")}RESET {Setting}"));
    }

    /// <summary>
    /// The driver's timeout is left alone: the server's limit is exact, and Npgsql would open a connection to
    /// cancel.
    /// </summary>
    internal override void SetTimeout(ContextCommand command, TimeSpan time)
    {
    }

    /// <summary>
    /// After a cancel that had no response in time, Npgsql breaks the connection, with an error that has no
    /// code. Every other error of the server is the statement's own.
    /// </summary>
    internal override bool IsEnd(Exception e, bool isCanceled) =>
        e is OperationCanceledException
        || IsLimit(e)
        || (isCanceled && e is TimeoutException or IOException or DbException { SqlState: null });

    internal override bool IsLimit(Exception e) => e is DbException { SqlState: QueryCanceled };

    internal override DbCommand QueryOwnLimit(ContextCommand command)
    {
        var query = command.NewCommand();
        query.CommandText = $"SELECT reset_val FROM pg_catalog.pg_settings WHERE name = '{Setting}'";
        return query;
    }

    internal override TimeSpan? ReadOwnLimit(object? value) =>
        value is string text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    /// <summary>
    /// The limit in milliseconds, rounded up: to 10 ms from 100 ms on, and to 50 ms from 1 s on. Each number is
    /// a statement of its own for pg_stat_statements and for Npgsql's automatic preparation. Without the
    /// rounding, these numbers would push the application's statements out of both.
    /// </summary>
    internal static long Milliseconds(TimeSpan time)
    {
        var exact = Math.Clamp((long)Math.Ceiling(time.TotalMilliseconds), 1, int.MaxValue - 50);
        var step = exact switch
        {
            < 100 => 1,
            < 1000 => 10,
            _ => 50,
        };
        return (exact + step - 1) / step * step;
    }

    /// <summary>Npgsql takes a text with <c>$1</c> as one statement: nothing can be put in front of it.</summary>
    private static bool HasPositionalParameters(DbParameterCollection parameters) =>
        parameters.Count > 0 && string.IsNullOrEmpty(parameters[0].ParameterName);
}
