using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Data.Tests;

/// <summary>SQLite runs in the caller's process and on the caller's thread: an interrupt ends it.</summary>
public sealed class SqliteTests : IDisposable
{
    private const string Endless =
        "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a) SELECT count(*) FROM a WHERE note(x) > 0";

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _isRunning = new();
    private readonly SqliteConnection _kept;
    private readonly DbDataSource _source;

    public SqliteTests()
    {
        _kept = new SqliteConnection("Data Source=:memory:");
        _kept.Open();
        _kept.CreateFunction("note", (long x) =>
        {
            _isRunning.TrySetResult();
            return x;
        });
        _source = new OneConnection(_kept).WithBaton();
    }

    public static TheoryData<string> AllShapes =>
        [.. Shapes.All.Keys];

    [Theory]
    [MemberData(nameof(AllShapes))]
    public async Task An_interrupt_ends_a_statement_at_the_deadline(string shape)
    {
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1), new InvalidOperationException("slow"));

        var running = Task.Run(() => Shapes.All[shape](_source, ctx, Endless));
        await WaitFor.Completion(_isRunning.Task);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(running));

        Assert.Equal(9, Assert.IsType<SqliteException>(e.TransportException).SqliteErrorCode);
        Assert.Equal("slow", e.InnerException!.Message);
    }

    [Fact]
    public async Task An_interrupt_ends_a_query_of_EF_when_the_client_leaves()
    {
        await using var shop = new Shop(new DbContextOptionsBuilder().UseSqlite(_kept).AddBaton().Options);
        using var ctx = Context.Root(_clock).WithCancel();

        var running = Task.Run(() => shop.Database
            .SqlQueryRaw<long>(Endless.Replace("count(*)", "count(*) AS Value", StringComparison.Ordinal))
            .ToListAsync(ctx));
        await WaitFor.Completion(_isRunning.Task);
        ctx.Cancel(new InvalidOperationException("left"));
        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(running));

        Assert.Equal("left", e.InnerException!.Message);
        Assert.Empty(shop.Errors);
    }

    [Fact]
    public async Task The_end_of_the_context_ends_reading_between_rows()
    {
        using var ctx = Context.Root(_clock).WithCancel();
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = Shapes.Of(
            connection, "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a) SELECT x FROM a");
        await using var reader = await command.ExecuteReaderAsync(ctx);
        Assert.True(await reader.ReadAsync(ctx));
        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => reader.ReadAsync(ctx));
    }

    [Fact]
    public async Task The_next_statement_on_the_connection_is_not_interrupted()
    {
        await using var connection = await _source.OpenConnectionAsync();
        for (var i = 0; i < 200; i++)
        {
            using var ctx = Context.Root(_clock).WithCancel();
            await using var command = Shapes.Of(connection, "SELECT 1");
            var running = command.ExecuteScalarAsync(ctx);
            ctx.Cancel();
            Assert.Equal(1L, await running);
            await using var next = Shapes.Of(
                connection, "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a LIMIT 500) SELECT count(*) FROM a");
            Assert.Equal(500L, await next.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task A_failure_of_the_statement_itself_stays_what_it_is()
    {
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = Shapes.Of(connection, "SELECT nothing FROM nowhere");

        await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteScalarAsync(ctx));
    }

    [Fact]
    public async Task The_drivers_timeout_is_shortened_to_whole_seconds_and_comes_back()
    {
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(2.2));
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = (ContextCommand)Shapes.Of(connection, "SELECT 1");
        command.CommandTimeout = 77;

        await command.ExecuteScalarAsync(ctx);

        Assert.Equal(3, command.Inner.CommandTimeout);
        Assert.Equal(77, command.CommandTimeout);
        await command.ExecuteScalarAsync();
        Assert.Equal(77, command.Inner.CommandTimeout);
    }

    public void Dispose()
    {
        _source.Dispose();
        _kept.Dispose();
    }
}
