using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using MySqlConnector;

namespace Baton.Data.Tests;

/// <summary>
/// A statement and its context on a real MariaDB. The context runs on a clock of the test's own: the driver's
/// cancel waits for that clock, so what ends a statement without it is the server's own limit.
/// </summary>
public sealed class MariaDbTests(Maria maria)
{
    private const string Limit = "SELECT @@max_statement_time";

    private static readonly string[] s_texts =
    [
        "SELECT 1 AS one, 'x' AS two",
        "SELECT 1 ; \n",
        "-- a comment first\nSELECT 1",
        "# a comment first\nSELECT 1",
        "/* a comment */ SELECT 2",
        "SELECT 1 -- a comment at the end",
        "SELECT ';' AS `a;b`",
        "SELECT 1; SELECT 2, 3",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "VALUES (1), (2)",
        "INSERT INTO items VALUES (7)",
        "INSERT INTO items VALUES (7), (8) RETURNING id",
        "REPLACE INTO items VALUES (9)",
        "UPDATE items SET id = id + 10",
        "DELETE FROM items WHERE id = -1",
        "INSERT INTO counted (name) VALUES ('a')",
        "SELECT LAST_INSERT_ID() > 0",
        "SELECT id FROM items WHERE false",
        "SELECT 1/0",
        "SELECT nothing FROM nowhere",
        "SELECT",
        "SELEC 1",
        "SET @a = 5",
        "SELECT @a := 5",
        "START TRANSACTION",
        "SHOW VARIABLES LIKE 'autocommit'",
        "SELECT REPEAT('x', 100000)",
        "SELECT @@max_statement_time > -1",
        "SELECT id FROM items FOR UPDATE",
        "BEGIN NOT ATOMIC SELECT 1; SELECT 2; END",
    ];

    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<string> AllShapes => Shapes.Names;

    [Theory]
    [MemberData(nameof(AllShapes))]
    public async Task The_server_ends_a_statement_at_the_deadline_by_itself(string shape)
    {
        var name = Name();
        await using var source = maria.NewDataSource().WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1), new InvalidOperationException("slow"));

        var running = Shapes.All[shape](source, ctx, Sleep(name));
        await maria.UntilActive(name, 1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(running));

        // A reader is there before the error is, and its first read looks at the context first.
        Assert.True(e.TransportException is null
            ? shape.Contains("reader", StringComparison.Ordinal) || shape is "Dapper" or "command of the data source"
            : e.TransportException.Message.Contains("max_statement_time exceeded", StringComparison.Ordinal));
        Assert.Equal("slow", e.InnerException!.Message);
        Assert.Equal(ctx.Done, e.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(AllShapes))]
    public async Task A_statement_whose_client_left_is_canceled(string shape)
    {
        var name = Name();
        await using var source = maria.NewDataSource().WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1)).WithCancel();

        var running = Shapes.All[shape](source, ctx, Sleep(name));
        await maria.UntilActive(name, 1);
        ctx.Cancel(new InvalidOperationException("left"));
        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(running));

        Assert.Equal("left", e.InnerException!.Message);
        await maria.UntilActive(name, 0);
    }

    [Theory]
    [InlineData("SELECT SLEEP(600), '{0}'; SELECT 2")]
    [InlineData("/* {0} */ SELECT SLEEP(600)")]
    [InlineData("DO SLEEP(600) /* {0} */")]
    public async Task A_text_that_can_have_no_limit_is_canceled_at_the_deadline(string text)
    {
        var name = Name();
        await using var source = maria.NewDataSource().WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));

        var running = Shapes.All["reader"](source, ctx, string.Format(CultureInfo.InvariantCulture, text, name));
        await maria.UntilActive(name, 1);
        _clock.Advance(TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(running));
        await maria.UntilActive(name, 0);
    }

    [Theory]
    [InlineData(42, "0.042")]
    [InlineData(999.2, "1")]
    [InlineData(60_000, "60")]
    public async Task The_limit_is_what_remains_and_the_reserve_is_kept_back(double remaining, string limit)
    {
        var reserve = TimeSpan.FromMilliseconds(100);
        await using var source = maria.NewDataSource().WithBaton(options => options.Reserve = reserve);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(remaining) + reserve);
        await using var command = source.CreateCommand(Limit);

        Assert.Equal(limit, Text(await command.ExecuteScalarAsync(ctx)));
    }

    [Fact]
    public async Task A_shorter_limit_of_the_sessions_stays_and_nothing_is_left_on_the_connection()
    {
        await using var source = maria.NewDataSource().WithBaton();
        await using var connection = await source.OpenConnectionAsync();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));

        Assert.Equal("60", Text(await Shapes.Of(connection, Limit).ExecuteScalarAsync(ctx)));
        Assert.Equal("0", Text(await Shapes.Of(connection, Limit).ExecuteScalarAsync()));
        await Shapes.Of(connection, "SET max_statement_time = 20").ExecuteNonQueryAsync(ctx);
        Assert.Equal("20", Text(await Shapes.Of(connection, Limit).ExecuteScalarAsync(ctx)));
        await Shapes.Of(connection, "SET max_statement_time = 90").ExecuteNonQueryAsync(ctx);
        Assert.Equal("60", Text(await Shapes.Of(connection, Limit).ExecuteScalarAsync(ctx)));
        Assert.Equal("90", Text(await Shapes.Of(connection, Limit).ExecuteScalarAsync()));
    }

    [Fact]
    public async Task A_limit_of_the_sessions_that_passes_first_is_the_statements_own_failure()
    {
        await using var source = maria.NewDataSource().WithBaton();
        await using var connection = await source.OpenConnectionAsync();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromHours(1));
        await Shapes.Of(connection, "SET max_statement_time = 0.2").ExecuteNonQueryAsync(ctx);

        var e = await Assert.ThrowsAsync<MySqlException>(() =>
            WaitFor.Completion(Shapes.Of(connection, Sleep(Name())).ExecuteNonQueryAsync(ctx)));

        Assert.Contains("max_statement_time exceeded", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statements_that_end_at_one_deadline_open_no_connection()
    {
        const int Count = 20;
        var name = Name();
        await using var source = maria.NewDataSource().WithBaton();
        await using var looking = maria.NewDataSource();
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(5));
        var connections = new DbConnection[Count];
        for (var i = 0; i < Count; i++)
        {
            connections[i] = await source.OpenConnectionAsync();
        }

        var running = connections.Select(connection =>
            Shapes.Of(connection, Sleep(name)).ExecuteNonQueryAsync(ctx)).ToArray();
        await maria.UntilActive(name, Count);
        var before = await Maria.ConnectionsAsync(looking);
        _clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var one in running)
        {
            var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(one));
            Assert.Contains("max_statement_time exceeded", e.TransportException!.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, await Maria.ConnectionsAsync(looking));
        foreach (var connection in connections)
        {
            Assert.Equal("1", Text(await Shapes.Of(connection, "SELECT 1").ExecuteScalarAsync()));
            await connection.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_statement_under_a_context_is_seen_as_the_same_statement_without(bool isScalar)
    {
        await using var plain = maria.NewDataSource();
        await using var source = maria.NewDataSource().WithBaton();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMinutes(10));

        foreach (var text in s_texts)
        {
            await Shapes.All["non-query"](plain, Context.Background, "CREATE OR REPLACE TABLE items (id int)");
            await Shapes.All["non-query"](
                plain, Context.Background, "CREATE OR REPLACE TABLE counted (id int AUTO_INCREMENT PRIMARY KEY, name text)");
            await Shapes.All["non-query"](plain, Context.Background, "INSERT INTO items VALUES (1), (2)");
            var without = await SeenAsync(plain, text, isScalar, Context.Background);
            await Shapes.All["non-query"](plain, Context.Background, "CREATE OR REPLACE TABLE items (id int)");
            await Shapes.All["non-query"](
                plain, Context.Background, "CREATE OR REPLACE TABLE counted (id int AUTO_INCREMENT PRIMARY KEY, name text)");
            await Shapes.All["non-query"](plain, Context.Background, "INSERT INTO items VALUES (1), (2)");
            Assert.Equal(without, await SeenAsync(source, text, isScalar, ctx));
        }
    }

    [Fact]
    public async Task Named_parameters_give_the_same()
    {
        await using var source = maria.NewDataSource().WithBaton();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMinutes(10));
        await using var command = source.CreateCommand("SELECT @a + 1, @@max_statement_time BETWEEN 1 AND 600");
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@a", 41);
        command.Parameters.Add(parameter);

        await using var reader = await command.ExecuteReaderAsync(ctx);

        Assert.True(await reader.ReadAsync(ctx));
        Assert.Equal(("42", "1"), (Text(reader.GetValue(0)), Text(reader.GetValue(1))));
    }

    private static string Name() => $"n{Guid.NewGuid():N}";

    private static string Sleep(string name) => $"SELECT SLEEP(600), '{name}'";

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static async Task<string> SeenAsync(DbDataSource source, string text, bool isScalar, Context ctx)
    {
        var seen = new StringBuilder(text).AppendLine();
        await using var connection = await source.OpenConnectionAsync();
        await using var command = Shapes.Of(connection, text);
        try
        {
            if (isScalar)
            {
                seen.Append(CultureInfo.InvariantCulture, $"{await command.ExecuteScalarAsync(ctx)}");
            }
            else
            {
                await using var reader = await command.ExecuteReaderAsync(ctx);
                do
                {
                    for (var i = 0; i < reader.FieldCount; i++)
                    {
                        seen.Append(CultureInfo.InvariantCulture, $"{reader.GetName(i)} {reader.GetDataTypeName(i)}, ");
                    }

                    while (await reader.ReadAsync(ctx))
                    {
                        var row = new object[reader.FieldCount];
                        reader.GetValues(row);
                        seen.AppendJoin(' ', row).AppendLine();
                    }
                }
                while (await reader.NextResultAsync(ctx));
                seen.Append(CultureInfo.InvariantCulture, $"affected {reader.RecordsAffected}");
            }
        }
        catch (DbException e)
        {
            seen.Append(CultureInfo.InvariantCulture, $"{e.GetType()} {e.SqlState}");
        }

        await using var left = Shapes.Of(connection, "SELECT @@max_statement_time, @@in_transaction, @@warning_count");
        await using var after = await left.ExecuteReaderAsync();
        await after.ReadAsync();
        return seen.Append(CultureInfo.InvariantCulture, $" left {after.GetValue(0)} {after.GetValue(1)} {after.GetValue(2)}").ToString();
    }
}
