using System.Data.Common;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Baton.Data.Tests;

/// <summary>
/// A statement and its context on a real server. The context runs on a clock of the test's own: the driver's
/// cancel waits for that clock, so what ends a statement without it is the server's own limit.
/// </summary>
public sealed class PostgresTests(Postgres postgres)
{
    private const string Limit = "SELECT setting FROM pg_settings WHERE name = 'statement' || '_timeout'";
    private const string Sleep = "SELECT pg_sleep(600)";

    private readonly FakeTimeProvider _clock = new();
    private readonly AsyncLocal<bool> _isOwn = new();

    public static TheoryData<string> AllShapes => Shapes.Names;

    [Theory]
    [MemberData(nameof(AllShapes))]
    public async Task The_server_ends_a_statement_at_the_deadline_by_itself(string shape)
    {
        await using var plain = postgres.NewDataSource();
        await using var source = plain.WithBaton();
        await using var watch = new Watch(plain);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1), new InvalidOperationException("slow"));
        using var counted = Ended();

        var running = Shapes.All[shape](source, ctx, Sleep);
        await watch.UntilActive(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(running));

        Assert.Equal(PostgresErrorCodes.QueryCanceled, Assert.IsType<PostgresException>(e.TransportException).SqlState);
        Assert.Contains("statement timeout", e.TransportException.Message, StringComparison.Ordinal);
        Assert.Equal("slow", e.InnerException!.Message);
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.Equal(["server_limit"], counted.Counted);
    }

    [Theory]
    [MemberData(nameof(AllShapes))]
    public async Task A_statement_whose_client_left_is_canceled(string shape)
    {
        await using var plain = postgres.NewDataSource();
        await using var source = plain.WithBaton();
        await using var watch = new Watch(plain);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1)).WithCancel();
        using var counted = Ended();

        var running = Shapes.All[shape](source, ctx, Sleep);
        await watch.UntilActive(1);
        ctx.Cancel(new InvalidOperationException("left"));
        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(running));

        Assert.NotNull(e.TransportException);
        Assert.Equal("left", e.InnerException!.Message);
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.Equal(["cancel"], counted.Counted);
        await watch.UntilActive(0);
    }

    [Fact]
    public async Task A_limit_that_does_not_act_within_250_ms_of_the_deadline_is_followed_by_a_cancel()
    {
        await using var plain = postgres.NewDataSource();
        await using var source = plain.WithBaton();
        await using var watch = new Watch(plain);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));
        using var counted = Ended();

        var running = Shapes.All["reader"](source, ctx, Sleep);
        await watch.UntilActive(1);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await WaitFor.True(() => ctx.IsDone);
        await using (ctx.AfterFunc(static () => { }))
        {
            // The callbacks of a context run in no order, but this one is the last that was queued.
        }

        _clock.Advance(Statement.Grace - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await watch.Active());
        await Advance(running);

        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(running));
        Assert.IsAssignableFrom<OperationCanceledException>(e.TransportException);
        Assert.Equal(["cancel"], counted.Counted);
    }

    [Fact]
    public async Task A_prepared_statement_has_no_limit_and_is_canceled_at_the_deadline()
    {
        await using var plain = postgres.NewDataSource();
        await using var source = plain.WithBaton();
        await using var watch = new Watch(plain);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));
        await using var connection = await source.OpenConnectionAsync();
        await using var command = Shapes.Of(connection, Sleep);
        await command.PrepareAsync();
        using var counted = Ended();

        var running = command.ExecuteNonQueryAsync(ctx);
        await watch.UntilActive(1);
        _clock.Advance(TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(running));
        Assert.Equal(["cancel"], counted.Counted);
    }

    [Theory]
    [InlineData(42, "42")]
    [InlineData(300, "300")]
    [InlineData(301, "310")]
    [InlineData(999.2, "1000")]
    [InlineData(1234, "1250")]
    [InlineData(60_000, "60000")]
    public async Task The_limit_is_what_remains_rounded_up(double remaining, string limit)
    {
        await using var source = postgres.NewDataSource().WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(remaining));
        await using var command = source.CreateCommand(Limit);

        Assert.Equal(limit, await command.ExecuteScalarAsync(ctx));
    }

    [Fact]
    public async Task The_reserve_is_kept_back_from_the_limit()
    {
        await using var source = postgres.NewDataSource()
            .WithBaton(static options => options.Reserve = TimeSpan.FromMilliseconds(100));
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(300));
        await using var command = source.CreateCommand(Limit);

        Assert.Equal("200", await command.ExecuteScalarAsync(ctx));
    }

    [Fact]
    public async Task A_limit_that_acts_within_the_reserve_counts_as_the_deadline_of_a_context_that_is_live()
    {
        await using var source = postgres.NewDataSource()
            .WithBaton(static options => options.Reserve = TimeSpan.FromMinutes(1));
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(30));
        await using var command = source.CreateCommand(Sleep);

        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => command.ExecuteNonQueryAsync(ctx));

        Assert.False(ctx.IsDone);
        Assert.Equal(ctx.Deadline, e.Deadline);
        Assert.IsType<InsufficientTimeException>(e.InnerException);
        Assert.IsType<PostgresException>(e.TransportException);
    }

    [Fact]
    public async Task A_limit_that_acts_a_moment_before_the_deadline_is_told_when_the_deadline_has_passed()
    {
        await using var source = postgres.NewDataSource().WithBaton();
        await Shapes.All["scalar"](source, Context.Background, "SELECT 1");
        using var outer = Context.Background.WithTimeout(TimeSpan.FromMilliseconds(200), new InvalidOperationException("slow"));
        await using var command = source.CreateCommand(Sleep);

        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => command.ExecuteNonQueryAsync(outer));

        Assert.True(outer.IsDone);
        Assert.Equal("slow", e.InnerException!.Message);
    }

    [Fact]
    public async Task A_limit_of_the_servers_own_that_is_shorter_stays_and_its_error_is_not_the_contexts()
    {
        await using var source = postgres.NewDataSource("Options=-c statement_timeout=150").WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));
        await using var limit = source.CreateCommand(Limit);
        await using var command = source.CreateCommand(Sleep);

        Assert.Equal("150", await limit.ExecuteScalarAsync(ctx));
        var e = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(ctx));
        Assert.Equal(PostgresErrorCodes.QueryCanceled, e.SqlState);
    }

    [Fact]
    public async Task A_limit_of_the_servers_own_that_is_longer_is_shortened_and_comes_back()
    {
        await using var source = postgres.NewDataSource("Options=-c statement_timeout=90000").WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(300));
        await using var connection = await source.OpenConnectionAsync();
        await using var command = Shapes.Of(connection, Limit);

        Assert.Equal("300", await command.ExecuteScalarAsync(ctx));
        Assert.Equal("90000", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_limit_that_the_application_has_set_on_the_connection_stays()
    {
        await using var source = postgres.NewDataSource().WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(300));
        await using var connection = await source.OpenConnectionAsync();
        await using var set = Shapes.Of(connection, "set STATEMENT_TIMEOUT = 70000");
        await set.ExecuteNonQueryAsync();
        await using var command = Shapes.Of(connection, Limit);

        Assert.Equal("70000", await command.ExecuteScalarAsync(ctx));
        Assert.Equal("70000", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Nothing_of_the_limit_stays_on_the_connection_after_success_failure_and_end()
    {
        await using var source = postgres.NewDataSource().WithBaton();
        await using var connection = await source.OpenConnectionAsync();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(400));
        foreach (var sql in new[] { "SELECT 1", "SELECT 1/0", "SELECT 1; SELECT 1/0", "SELECT pg_sleep(600)" })
        {
            await using var command = Shapes.Of(connection, sql);
            await Record.ExceptionAsync(() => command.ExecuteNonQueryAsync(ctx));
            await using var limit = Shapes.Of(connection, Limit);
            Assert.Equal("0", await limit.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task With_less_remaining_than_is_worth_a_statement_it_is_not_sent()
    {
        await using var plain = postgres.NewDataSource();
        await using var source = plain.WithBaton(static options =>
        {
            options.MinRemaining = TimeSpan.FromMilliseconds(30);
            options.Reserve = TimeSpan.FromMilliseconds(20);
        });
        await using var connection = await source.OpenConnectionAsync();
        await using var create = Shapes.Of(connection, "CREATE TEMP TABLE sent (a int)");
        await create.ExecuteNonQueryAsync();
        using var refused = Refused();
        using var enough = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(50));
        using var few = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(49));
        using var gone = Context.Root(_clock).WithCancel();
        gone.Cancel();
        await using var command = Shapes.Of(connection, "INSERT INTO sent VALUES (1)");

        Assert.Equal(1, await command.ExecuteNonQueryAsync(enough));
        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => command.ExecuteNonQueryAsync(few));
        await Assert.ThrowsAsync<ContextCanceledException>(() => command.ExecuteNonQueryAsync(gone));

        Assert.Equal(TimeSpan.FromMilliseconds(50), Assert.IsType<InsufficientTimeException>(e.InnerException).Needed);
        Assert.Equal(1L, await Shapes.Of(connection, "SELECT count(*) FROM sent").ExecuteScalarAsync());
        Assert.Equal(["insufficient_time", "canceled"], refused.Counted);
    }

    [Fact]
    public async Task After_the_deadline_a_transaction_can_only_be_rolled_back_or_back_to_a_savepoint()
    {
        await using var source = postgres.NewDataSource().WithBaton();
        await using var connection = await source.OpenConnectionAsync();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(30));
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await Shapes.Of(connection, "CREATE TABLE kept (a int)").ExecuteNonQueryAsync();
            await transaction.SaveAsync("before");
            await Assert.ThrowsAsync<DeadlineExceededException>(
                () => Shapes.Of(connection, Sleep).ExecuteNonQueryAsync(ctx));

            var e = await Assert.ThrowsAsync<PostgresException>(
                () => Shapes.Of(connection, "SELECT 1").ExecuteScalarAsync());
            Assert.Equal(PostgresErrorCodes.InFailedSqlTransaction, e.SqlState);

            await transaction.RollbackAsync("before");
            Assert.Equal("0", await Shapes.Of(connection, Limit).ExecuteScalarAsync());
            await transaction.CommitAsync();
        }

        Assert.Equal(0L, await Shapes.Of(connection, "SELECT count(*) FROM kept").ExecuteScalarAsync());
        await Shapes.Of(connection, "DROP TABLE kept").ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task In_a_transaction_the_limit_is_that_of_one_statement_only()
    {
        await using var source = postgres.NewDataSource().WithBaton();
        await using var connection = await source.OpenConnectionAsync();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(300));
        await using var transaction = await connection.BeginTransactionAsync();

        Assert.Equal("300", await Shapes.Of(connection, Limit).ExecuteScalarAsync(ctx));
        Assert.Equal("0", await Shapes.Of(connection, Limit).ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_deadline_that_passes_between_rows_ends_the_read()
    {
        await using var source = postgres.NewDataSource().WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));
        await using var connection = await source.OpenConnectionAsync();
        await using var command = Shapes.Of(connection, "SELECT generate_series(1, 3)");
        await using (var reader = await command.ExecuteReaderAsync(ctx))
        {
            Assert.True(await reader.ReadAsync(ctx));
            _clock.Advance(TimeSpan.FromMinutes(1));

            Assert.Equal(1, reader.GetInt32(0));
            await Assert.ThrowsAsync<DeadlineExceededException>(() => reader.ReadAsync(ctx));
            Assert.Throws<DeadlineExceededException>(() => reader.Read());
            await Assert.ThrowsAsync<DeadlineExceededException>(() => reader.NextResultAsync(ctx));
        }

        Assert.Equal(1, await Shapes.Of(connection, "SELECT 1").ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_reader_that_is_left_open_keeps_no_statement_running_past_the_deadline()
    {
        await using var plain = postgres.NewDataSource();
        await using var source = plain.WithBaton();
        await using var watch = new Watch(plain);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(900));
        await using var connection = await source.OpenConnectionAsync();
        await using var command = Shapes.Of(
            connection, "SELECT repeat('x', 1000) FROM generate_series(1, 1000) a, generate_series(1, 100000) b");
        var reader = await command.ExecuteReaderAsync(ctx);
        await reader.ReadAsync(ctx);

        await watch.UntilActive(0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<DeadlineExceededException>(() => reader.ReadAsync(ctx));
        await Record.ExceptionAsync(async () => await reader.DisposeAsync());

        Assert.Equal(1, await Shapes.Of(connection, "SELECT 1").ExecuteScalarAsync());
    }

    [Fact]
    public async Task The_wait_for_a_connection_ends_with_the_context()
    {
        await using var plain = postgres.NewDataSource("Maximum Pool Size=1");
        await using var source = plain.WithBaton();
        await using var taken = await source.OpenConnectionAsync();
        using var ctx = Context.Root(_clock).WithCancel();

        var opening = source.OpenConnectionAsync(ctx).AsTask();
        await using var command = source.CreateCommand("SELECT 1");
        var running = command.ExecuteScalarAsync(ctx);
        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(opening));
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(running));
    }

    [Fact]
    public async Task The_exception_of_a_call_with_another_token_has_that_token()
    {
        await using var source = postgres.NewDataSource().WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(30));
        using var other = new CancellationTokenSource();
        await using var command = source.CreateCommand("SELECT 1");
        _clock.Advance(TimeSpan.FromSeconds(1));

        var e = await Assert.ThrowsAsync<DeadlineExceededException>(
            () => command.WithContext(ctx).ExecuteScalarAsync(other.Token));

        Assert.Equal(other.Token, e.CancellationToken);
    }

    [Fact]
    public async Task A_call_that_is_given_no_context_takes_the_accessors()
    {
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(300));
        await using var source = postgres.NewDataSource()
            .WithBaton(options => options.ContextAccessor = new Accessor(ctx));
        await using var command = source.CreateCommand(Limit);

        Assert.Equal("300", await command.ExecuteScalarAsync());
        Assert.Equal("300", await Task.Run(command.ExecuteScalar));
        Assert.Equal("0", await command.WithContext(Context.Background).ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_failure_of_the_statement_itself_stays_what_it_is_although_the_context_has_ended_since()
    {
        await using var source = postgres.NewDataSource().WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));
        await using var connection = await source.OpenConnectionAsync();
        await using var command = Shapes.Of(connection, "SELECT a/(a-1) FROM generate_series(3, 1, -1) a");
        var reader = await command.ExecuteReaderAsync(ctx);

        Assert.Equal(1, await reader.ReadAsync(ctx) ? reader.GetInt32(0) : 0);
        await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            while (await reader.ReadAsync(ctx))
            {
            }
        });
        _clock.Advance(TimeSpan.FromMinutes(1));
        await reader.DisposeAsync();
    }

    [Fact]
    public void A_command_of_another_data_source_cannot_have_a_context()
    {
        using var command = new NpgsqlCommand();

        var e = Assert.Throws<ArgumentException>(() => command.WithContext(Context.Background));

        Assert.Contains("WithBaton()", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_source_is_given_Baton_once()
    {
        using var source = NpgsqlDataSource.Create("Host=127.0.0.1").WithBaton();

        Assert.Throws<ArgumentException>(() => source.WithBaton());
    }

    [Fact]
    public void Options_are_zero_or_more()
    {
        var options = new BatonDataOptions();

        Assert.Throws<ArgumentOutOfRangeException>(() => options.Reserve = TimeSpan.FromTicks(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MinRemaining = TimeSpan.FromTicks(-1));
    }

    /// <summary>Counts what this test's own calls count, while other classes of tests run.</summary>
    private CounterListener Ended() => Counter("baton.db.client.ended", "baton.ended_by");

    private CounterListener Refused() => Counter("baton.db.client.refused", "error.type");

    private CounterListener Counter(string name, string tag)
    {
        _isOwn.Value = true;
        return new CounterListener("Baton.Data", name, tags => _isOwn.Value ? (string?)tags[tag] : null);
    }

    /// <summary>Moves the clock on until what waits for it is over.</summary>
    private async Task Advance(Task running) => await WaitFor.True(() =>
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        return running.IsCompleted;
    });

    private sealed class Accessor(Context ctx) : IContextAccessor
    {
        public Context? Current => ctx;
    }
}
