using System.Data.Common;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Baton.Data.Tests;

/// <summary>Many statements at one deadline, and many whose clients leave at once.</summary>
[Collection(nameof(Alone))]
public sealed class StormTests(Postgres postgres)
{
    private const int Statements = 50;

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Fifty_statements_that_end_at_one_deadline_open_no_connection()
    {
        await using var plain = postgres.NewDataSource();
        await using var source = plain.WithBaton();
        await using var watch = new Watch(plain);
        await using var connections = await Connections.OpenAsync(source);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(5));
        await Shapes.Of(connections.All[0], "SELECT 1").ExecuteScalarAsync(ctx);
        await watch.Active();
        var before = Received();

        var running = connections.All.Select(connection =>
            Shapes.Of(connection, "SELECT pg_sleep(600)").ExecuteNonQueryAsync(ctx)).ToArray();
        await watch.UntilActive(Statements);
        _clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var one in running)
        {
            var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(one));
            Assert.IsType<PostgresException>(e.TransportException);
        }

        Assert.Equal(0, await watch.Active());
        Assert.Equal(before, Received());
    }

    [Fact]
    public async Task Fifty_statements_whose_client_left_are_canceled_a_few_at_a_time_and_not_by_the_canceling_thread()
    {
        await using var plain = postgres.NewDataSource();
        await using var source = plain.WithBaton();
        await using var watch = new Watch(plain);
        await using var connections = await Connections.OpenAsync(source);
        using var ctx = Context.Root(_clock).WithCancel();

        var running = connections.All.Select(connection =>
            Shapes.Of(connection, "SELECT pg_sleep(600)").ExecuteNonQueryAsync(ctx)).ToArray();
        await watch.UntilActive(Statements);
        ctx.Cancel();
        foreach (var one in running)
        {
            await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(one));
        }

        Assert.Equal(0, await watch.Active());
        foreach (var connection in connections.All)
        {
            Assert.Equal(1, await Shapes.Of(connection, "SELECT 1").ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task The_servers_log_has_no_warning_of_the_limit()
    {
        await using var source = postgres.NewDataSource().WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));
        var before = postgres.Log.Length;

        foreach (var shape in Shapes.All.Values)
        {
            await shape(source, ctx, "SELECT 1");
        }

        Assert.DoesNotContain("WARNING", postgres.Log[before..], StringComparison.Ordinal);
    }

    /// <summary>How many connections the server has taken, those of cancels included.</summary>
    private int Received() => postgres.Log.Split("connection received").Length;

    private sealed record Connections(DbConnection[] All) : IAsyncDisposable
    {
        internal static async Task<Connections> OpenAsync(DbDataSource source)
        {
            var all = new DbConnection[Statements];
            for (var i = 0; i < all.Length; i++)
            {
                all[i] = await source.OpenConnectionAsync();
            }

            return new Connections(all);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var connection in All)
            {
                await connection.DisposeAsync();
            }
        }
    }
}
