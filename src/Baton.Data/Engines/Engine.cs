using System.Data.Common;

namespace Baton.Data;

/// <summary>
/// What differs between databases when a statement has to end: the seam that a new database is added at.
/// </summary>
/// <remarks>This base is a database that nothing is known about: it gets the token and a timeout.</remarks>
internal class Engine
{
    private static readonly Engine s_other = new();
    private static readonly PostgresEngine s_postgres = new();
    private static readonly SqliteEngine s_sqlite = new();
    private static readonly MySqlEngine s_mysql = new();

    private protected Engine()
    {
    }

    /// <summary>The name for metrics, as OpenTelemetry's conventions have it.</summary>
    internal virtual string Name => "other_sql";

    /// <summary>
    /// Whether the driver may be given the context's own token, because its reaction costs the server nothing.
    /// </summary>
    internal virtual bool TakesContextToken => true;

    /// <summary>Whether the server's settings may have a limit of their own, which has to be read.</summary>
    internal virtual bool HasOwnLimit => false;

    /// <summary>
    /// Finds the engine by the name of the driver's class, so that no driver has to be referenced.
    /// </summary>
    internal static Engine Of(DbConnection connection) => connection.GetType().FullName switch
    {
        "Npgsql.NpgsqlConnection" => s_postgres,
        "Microsoft.Data.Sqlite.SqliteConnection" => s_sqlite,
        "MySqlConnector.MySqlConnection" => s_mysql,
        _ => s_other,
    };

    /// <summary>Looks at every statement before it runs, whether or not it has a context.</summary>
    internal virtual void Note(ContextCommand command)
    {
    }

    /// <summary>Whether the server can be given a limit for what this command runs.</summary>
    internal virtual bool MayHaveLimit(ContextCommand command) => false;

    /// <summary>Gives the server a limit for the next execution of this command.</summary>
    internal virtual void SetLimit(ContextCommand command, TimeSpan time)
    {
    }

    /// <summary>
    /// Sets the driver's own timeout, which counts whole seconds and is therefore rounded up: the last resort,
    /// for a driver that does not react to a cancel.
    /// </summary>
    internal virtual void SetTimeout(ContextCommand command, TimeSpan time) =>
        command.ShortenTimeout((int)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, int.MaxValue));

    /// <summary>Ends what the command runs, from another thread than the one that runs it.</summary>
    internal virtual void Cancel(ContextCommand command) => command.Inner.Cancel();

    /// <summary>Whether the driver threw this because its statement was ended, given that the context is done.</summary>
    internal virtual bool IsEnd(Exception e, bool isCanceled) =>
        e is OperationCanceledException or TimeoutException
        || (e is DbException error && !IsIntegrityViolation(error));

    /// <summary>Whether the server threw this because the limit that it was given has passed.</summary>
    internal virtual bool IsLimit(Exception e) => false;

    /// <summary>A command that reads the server's own limit.</summary>
    internal virtual DbCommand QueryOwnLimit(ContextCommand command) => throw new NotSupportedException();

    /// <summary>The limit that <see cref="QueryOwnLimit"/> found; zero for none, null if it cannot be told.</summary>
    internal virtual TimeSpan? ReadOwnLimit(object? value) => TimeSpan.Zero;

    /// <summary>A statement that failed by its data failed by itself, however late.</summary>
    private static bool IsIntegrityViolation(DbException e) =>
        e.SqlState is { } state && state.StartsWith("23", StringComparison.Ordinal);
}
