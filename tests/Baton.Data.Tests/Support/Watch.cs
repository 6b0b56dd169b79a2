using Npgsql;

namespace Baton.Data.Tests;

/// <summary>Looks at the server from a connection of its own.</summary>
internal sealed class Watch(NpgsqlDataSource source) : IAsyncDisposable
{
    private readonly string _name =
        new NpgsqlConnectionStringBuilder(source.ConnectionString).ApplicationName!;

    private readonly NpgsqlDataSource _own = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(source.ConnectionString) { ApplicationName = "watch" }.ConnectionString);

    /// <summary>
    /// How many statements of the data source run at this moment. What the driver asks by itself is not counted.
    /// </summary>
    internal async Task<int> Active()
    {
        await using var command = _own.CreateCommand(
            "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = $1 AND state = 'active' "
            + "AND query ~ 'pg_sleep|generate_series|FOR UPDATE|UPDATE'");
        command.Parameters.Add(new NpgsqlParameter { Value = _name });
        return (int)(await command.ExecuteScalarAsync())!;
    }

    internal async Task UntilActive(int count)
    {
        while (await Active() != count)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    public ValueTask DisposeAsync() => _own.DisposeAsync();
}
