using System.Data.Common;
using Baton.Measuring;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Baton.Data.Tests;

/// <summary>
/// PgBouncer in transaction mode with one connection to the server: each statement of the tests may follow one of
/// another client on the same session.
/// </summary>
public sealed class PgBouncerTests : IDisposable
{
    private const string Bouncer = "/usr/sbin/pgbouncer";
    private const string Limit = "SELECT setting FROM pg_settings WHERE name = 'statement' || '_timeout'";

    private readonly FakeTimeProvider _clock = new();
    private readonly string _directory;
    private readonly NpgsqlDataSource _plain;

    public PgBouncerTests(Postgres postgres)
    {
        Assert.SkipUnless(File.Exists(Bouncer), "PgBouncer is not installed on this machine.");
        var server = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        var port = PostgresServer.FreePort();
        _directory = PostgresServer.Run("mktemp -d /tmp/baton-pgbouncer-XXXXXX").Trim();
        var configuration = $"""
            [databases]
            postgres = host=127.0.0.1 port={server.Port} user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 1
            ignore_startup_parameters = extra_float_digits
            logfile = {_directory}/log
            pidfile = {_directory}/pid
            """;
        PostgresServer.Run($"cat > {_directory}/ini <<'END'\n{configuration}\nEND\n{Bouncer} -q -d {_directory}/ini");
        PostgresServer.Run($"until (: < /dev/tcp/127.0.0.1/{port}) 2> /dev/null; do sleep 0.01; done");
        server.Port = port;
        server.NoResetOnClose = true;
        _plain = NpgsqlDataSource.Create(server);
    }

    [Fact]
    public async Task Nothing_of_a_limit_reaches_the_next_client_of_the_session()
    {
        await using var source = _plain.WithBaton();
        await using var one = await source.OpenConnectionAsync();
        await using var other = await source.OpenConnectionAsync();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(400));

        foreach (var sql in new[] { "SELECT 1", "SELECT 1/0", "SELECT 1; SELECT 1/0", "SELECT pg_sleep(600)" })
        {
            Assert.Equal("400", await Shapes.Of(one, Limit).ExecuteScalarAsync(ctx));
            await Record.ExceptionAsync(() => Shapes.Of(one, sql).ExecuteNonQueryAsync(ctx));
            Assert.Equal("0", await Shapes.Of(other, Limit).ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task The_servers_limit_ends_a_statement_at_the_deadline()
    {
        await using var source = _plain.WithBaton();
        await using var one = await source.OpenConnectionAsync();
        await Shapes.Of(one, "SELECT 1").ExecuteScalarAsync();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(40));

        var e = await Assert.ThrowsAsync<DeadlineExceededException>(
            () => Shapes.Of(one, "SELECT pg_sleep(600)").ExecuteNonQueryAsync(ctx));

        Assert.IsType<PostgresException>(e.TransportException);
    }

    [Fact]
    public async Task A_statement_whose_client_left_is_canceled()
    {
        await using var source = _plain.WithBaton();
        await using var one = await source.OpenConnectionAsync();
        using var ctx = Context.Root(_clock).WithCancel();

        var running = Shapes.Of(one, "SELECT pg_sleep(600)").ExecuteNonQueryAsync(ctx);
        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(running));
        Assert.Equal(1, await Shapes.Of(one, "SELECT 1").ExecuteScalarAsync());
    }

    public void Dispose()
    {
        if (_plain is not null)
        {
            _plain.Dispose();
            PostgresServer.Run($"kill $(cat {_directory}/pid); rm -rf {_directory}");
        }
    }
}
