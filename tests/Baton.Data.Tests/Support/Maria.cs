using System.ComponentModel;
using System.Data.Common;
using Baton.Measuring;
using MySqlConnector;

[assembly: AssemblyFixture(typeof(Baton.Data.Tests.Maria))]

namespace Baton.Data.Tests;

/// <summary>One MariaDB for all tests: the first test that asks for it starts it, on a free loopback port.</summary>
public sealed class Maria : IDisposable
{
    private readonly Lazy<(int Port, string Directory, string Failure)> _started = new(Start);

    /// <summary>Skips the test that calls it, by name, if there is no MariaDB on this machine.</summary>
    internal string ConnectionString
    {
        get
        {
            Assert.SkipWhen(_started.Value.Port == 0, _started.Value.Failure);
            return $"Server=127.0.0.1;Port={_started.Value.Port};User ID=root;Database=test;SslMode=None;"
                + "Connection Timeout=60;Maximum Pool Size=100;Allow User Variables=true";
        }
    }

    /// <summary>A source whose connections are not shared with another test's.</summary>
    internal MySqlDataSource NewDataSource(string more = "") =>
        new($"{ConnectionString};Application Name={Guid.NewGuid():N};{more}");

    /// <summary>How many statements that contain a text run at this moment.</summary>
    internal async Task<int> ActiveAsync(string text)
    {
        await using var own = new MySqlConnection(ConnectionString);
        await own.OpenAsync();
        await using var command = own.CreateCommand();
        command.CommandText =
            "SELECT CAST(COUNT(*) AS INT) FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND info LIKE @text";
        command.Parameters.AddWithValue("@text", $"%{text}%");
        return Convert.ToInt32(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    internal async Task UntilActive(string text, int count)
    {
        while (await ActiveAsync(text) != count)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>How many connections the server has taken, those of cancels included.</summary>
    internal static async Task<long> ConnectionsAsync(DbDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = Shapes.Of(connection, "SHOW GLOBAL STATUS LIKE 'Connections'");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return long.Parse(reader.GetString(1), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (_started.IsValueCreated && _started.Value.Port != 0)
        {
            var directory = _started.Value.Directory;
            PostgresServer.Run($"kill -9 $(cat {directory}/pid); rm -rf {directory}");
        }
    }

    private static (int Port, string Directory, string Failure) Start()
    {
        const string Daemon = "/usr/sbin/mariadbd";
        if (!File.Exists(Daemon))
        {
            return (0, "", "MariaDB is not installed on this machine.");
        }

        try
        {
            var port = PostgresServer.FreePort();
            var directory = PostgresServer.Run("mktemp -d /tmp/baton-mariadb-XXXXXX").Trim();
            PostgresServer.Run(
                $"mariadb-install-db --no-defaults --datadir={directory}/data --auth-root-authentication-method=normal");
            PostgresServer.Run(
                $"{Daemon} --no-defaults --datadir={directory}/data --socket={directory}/socket --port={port} "
                + $"--bind-address=127.0.0.1 --pid-file={directory}/pid --innodb-flush-log-at-trx-commit=0 "
                + $"> {directory}/log 2>&1 & "
                + $"mariadb-admin --no-defaults --socket={directory}/socket --user=root --wait=60 ping");
            return (port, directory, "");
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return (0, "", $"MariaDB does not start: {e.Message}");
        }
    }
}
