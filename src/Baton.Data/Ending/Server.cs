using System.Collections.Concurrent;
using System.Data.Common;

namespace Baton.Data;

/// <summary>What is known of one server, shared by all connections with the same connection string.</summary>
internal sealed class Server
{
    /// <summary>More connection strings than an application has; one that has more starts anew.</summary>
    private const int MaxKnown = 1024;

    /// <summary>How long the server's own limit is believed, before it is read again.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(1);

    private static readonly ConcurrentDictionary<(Engine, string), Server> s_known = new();

    private OwnLimitRead? _ownLimit;

    private Server(Engine engine, string dataSource) =>
        (Engine, Target) = (engine, TargetOf(engine.Name, dataSource));

    internal Engine Engine { get; }

    internal CancelQueue Cancels { get; } = new();

    /// <summary>The engine, host and port, as listeners to calls are told.</summary>
    internal string Target { get; }

    internal bool KnowsOwnLimit =>
        !Engine.HasOwnLimit
        || (_ownLimit is { } read && TimeProvider.System.GetElapsedTime(read.At) < s_fresh);

    /// <summary>
    /// The limit that the server's settings give every statement; zero for none. Null: not known. A context
    /// never lengthens it.
    /// </summary>
    internal TimeSpan? OwnLimit => Engine.HasOwnLimit ? _ownLimit?.Limit : TimeSpan.Zero;

    internal static Server Of(DbConnection connection) =>
        Of(Engine.Of(connection), connection.ConnectionString, connection);

    /// <summary>Reads the server's own limit on the connection of a command that is about to run.</summary>
    internal void Learn(ContextCommand command)
    {
        try
        {
            using var query = Engine.QueryOwnLimit(command);
            Learned(query.ExecuteScalar());
        }
        catch (DbException)
        {
            // The application's own statement fails for the same reason, and the application is told by that.
        }
    }

    /// <inheritdoc cref="Learn" />
    internal async Task LearnAsync(Context ctx, ContextCommand command)
    {
        try
        {
            var query = Engine.QueryOwnLimit(command);
            await using (query.ConfigureAwait(false))
            {
                Learned(await query.ExecuteScalarAsync(ctx.Done).ConfigureAwait(false));
            }
        }
        catch (DbException)
        {
            // As above.
        }
    }

    private static Server Of(Engine engine, string connectionString, DbConnection connection)
    {
        if (s_known.TryGetValue((engine, connectionString), out var known))
        {
            return known;
        }

        if (s_known.Count >= MaxKnown)
        {
            s_known.Clear();
        }

        return s_known.GetOrAdd(
            (engine, connectionString),
            static (key, connection) => new Server(key.Item1, connection.DataSource),
            connection);
    }

    /// <summary>A file's path is left out: an application may name a file after its user.</summary>
    private static string TargetOf(string engine, string dataSource) =>
        Uri.TryCreate(dataSource, UriKind.Absolute, out var address) && address.Host.Length > 0
            ? $"{engine}://{address.Authority}"
            : engine;

    private void Learned(object? value) => _ownLimit = new OwnLimitRead(
        Engine.ReadOwnLimit(value), TimeProvider.System.GetTimestamp());

    private sealed record OwnLimitRead(TimeSpan? Limit, long At);
}
