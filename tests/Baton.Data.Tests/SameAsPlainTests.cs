using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Npgsql;

namespace Baton.Data.Tests;

/// <summary>Each text is run with plain Npgsql and with Baton under a context, and what is seen is compared.</summary>
public sealed class SameAsPlainTests(Postgres postgres)
{
    private static readonly string[] s_texts =
    [
        "SELECT 1 AS one, 'x'::text AS two",
        "SELECT 1;",
        "SELECT 1 ; \n",
        "SELECT 1 -- a comment at the end",
        "-- a comment first\nSELECT 1",
        "/* a /* nested */ comment; */ SELECT 2",
        "SELECT 1; SELECT 2, 3; SELECT 'three'",
        "SELECT ';' AS \"a;b\", $$;$$, $t$ ; VACUUM $$ $t$, E'\\';'",
        "VALUES (1), (2)",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "TABLE items",
        "INSERT INTO items VALUES (7)",
        "INSERT INTO items VALUES (7), (8) RETURNING id",
        "INSERT INTO items VALUES (7); UPDATE items SET id = id + 1; SELECT id FROM items ORDER BY id",
        "UPDATE items SET id = id + 10",
        "DELETE FROM items WHERE id = -1",
        "SELECT id FROM items WHERE false",
        "SELECT 1/0",
        "SELECT 1; SELECT 1/0; SELECT 3",
        "INSERT INTO items VALUES (99); SELECT 1/0",
        "SELECT 1/(3-a) FROM generate_series(1, 4) a",
        "SELECT nothing FROM nowhere",
        "SELECT",
        "SELEC 1",
        "",
        ";",
        "VACUUM items",
        "SELECT 1; VACUUM items",
        "CREATE TEMP TABLE t (a int)",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS items_id ON items (id)",
        "BEGIN; INSERT INTO items VALUES (5); COMMIT",
        "INSERT INTO items VALUES (5); COMMIT; SELECT 1/0",
        "INSERT INTO items VALUES (5); ROLLBACK",
        "SET LOCAL statement_timeout = 9000",
        "SET statement_timeout = 9000",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SHOW search_path",
        "CALL committing()",
        "DO $$ BEGIN INSERT INTO items VALUES (5); COMMIT; END $$",
        "EXPLAIN SELECT 1",
        "LISTEN nobody",
        "SELECT id FROM items FOR UPDATE",
        "SELECT pg_backend_pid() = pg_backend_pid()",
        "SELECT repeat('x', 100000), generate_series(1, 50)",
    ];

    private static readonly Dictionary<string, Func<DbCommand, Context?, StringBuilder, Task>> s_ways = new()
    {
        ["reader"] = (command, ctx, seen) => ReadAsync(command, CommandBehavior.Default, ctx, seen),
        ["reader of one row"] = (command, ctx, seen) => ReadAsync(command, CommandBehavior.SingleRow, ctx, seen),
        ["schema only"] = (command, ctx, seen) => ReadAsync(command, CommandBehavior.SchemaOnly, ctx, seen),
        ["sequential"] = (command, ctx, seen) => ReadAsync(command, CommandBehavior.SequentialAccess, ctx, seen),
        ["reader left after one row"] = LeaveAsync,
        ["synchronous reader"] = ReadSync,
        ["scalar"] = static async (command, ctx, seen) =>
            seen.Append(await command.ExecuteScalarAsync(TokenOf(ctx))),
        ["non-query"] = static async (command, ctx, seen) =>
            seen.Append(await command.ExecuteNonQueryAsync(TokenOf(ctx))),
        ["prepared"] = static async (command, ctx, seen) =>
        {
            await command.PrepareAsync();
            await ReadAsync(command, CommandBehavior.Default, ctx, seen);
            await ReadAsync(command, CommandBehavior.Default, ctx, seen);
        },
        ["twice"] = static async (command, ctx, seen) =>
        {
            await ReadAsync(command, CommandBehavior.Default, ctx, seen);
            seen.AppendLine(command.CommandText);
            await ReadAsync(command, CommandBehavior.Default, ctx, seen);
        },
    };

    public static TheoryData<string, bool> Ways =>
    [
        .. from way in s_ways.Keys select (way, false),
        ("reader", true), ("scalar", true), ("prepared", true), ("reader left after one row", true),
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_statement_under_a_context_is_seen_as_the_same_statement_without(string way, bool isInTransaction)
    {
        await using var plain = postgres.NewDataSource("Include Error Detail=true;Max Auto Prepare=10");
        await using var source = postgres.NewDataSource("Include Error Detail=true;Max Auto Prepare=10").WithBaton();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMinutes(10));
        await using var set = plain.CreateCommand(
            "DROP TABLE IF EXISTS items; CREATE TABLE items (id int); "
            + "CREATE OR REPLACE PROCEDURE committing() LANGUAGE plpgsql AS "
            + "$$ BEGIN INSERT INTO items VALUES (5); COMMIT; END $$");
        await set.ExecuteNonQueryAsync();

        foreach (var text in s_texts)
        {
            var without = await Seen(plain, text, s_ways[way], isInTransaction, ctx: null);
            var with = await Seen(source, text, s_ways[way], isInTransaction, ctx);
            Assert.Equal(without, with);
        }
    }

    [Fact]
    public async Task Named_and_positional_parameters_give_the_same()
    {
        await using var plain = postgres.NewDataSource();
        await using var source = plain.WithBaton();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMinutes(10));
        foreach (var (text, name) in new[] { ("SELECT $1 + 1", ""), ("SELECT @a + 1; SELECT @a", "a") })
        {
            var seen = new List<string>();
            foreach (var (any, token) in new[] { (plain, default), (source, ctx.Done) })
            {
                await using var command = any.CreateCommand(text);
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, 41);
                command.Parameters.Add(parameter);
                seen.Add(await Record.ExceptionAsync(() => command.ExecuteScalarAsync(token)) is { } e
                    ? e.Message
                    : $"{await command.ExecuteScalarAsync(token)}");
            }

            Assert.Equal("42", seen[0]);
            Assert.Equal(seen[0], seen[1]);
        }
    }

    private static async Task<string> Seen(
        DbDataSource source,
        string text,
        Func<DbCommand, Context?, StringBuilder, Task> way,
        bool isInTransaction,
        Context? ctx)
    {
        var seen = new StringBuilder(text).AppendLine();
        await using var connection = await source.OpenConnectionAsync();
        await Shapes.Of(
            connection, "DELETE FROM items; INSERT INTO items VALUES (1), (2), (3)").ExecuteNonQueryAsync();
        var transaction = isInTransaction ? await connection.BeginTransactionAsync() : null;
        await using (var command = Shapes.Of(connection, text))
        {
            command.Transaction = transaction;
            await Note(seen, () => way(command, ctx, seen));
        }

        // The state that the statement left: the transaction, the rows, the session's settings.
        await Note(seen, async () => seen.Append(await Shapes.Of(
            connection, "SELECT string_agg(id::text, ',' ORDER BY id) FROM items").ExecuteScalarAsync()));
        if (transaction is not null)
        {
            await Note(seen, () => transaction.CommitAsync());
            await transaction.DisposeAsync();
        }

        await Note(seen, async () => seen.Append(await Shapes.Of(
            connection, "SELECT string_agg(id::text, ',' ORDER BY id) FROM items").ExecuteScalarAsync()));
        await Note(seen, async () => seen.Append(await Shapes.Of(
            connection, "SELECT string_agg(name || '=' || setting, ',') FROM pg_settings WHERE source = 'session'")
            .ExecuteScalarAsync()));
        return seen.ToString();
    }

    private static async Task Note(StringBuilder seen, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (PostgresException e)
        {
            seen.Append(CultureInfo.InvariantCulture, $"{e.Message} at {e.Position} in {e.BatchCommand?.CommandText}");
        }
        catch (Exception e) when (e is InvalidOperationException or NpgsqlException)
        {
            seen.Append(CultureInfo.InvariantCulture, $"{e.GetType()} {e.Message}");
        }

        seen.AppendLine();
    }

    private static CancellationToken TokenOf(Context? ctx) => ctx ?? CancellationToken.None;

    private static async Task ReadAsync(DbCommand command, CommandBehavior behavior, Context? ctx, StringBuilder seen)
    {
        await using var reader = await command.ExecuteReaderAsync(behavior, TokenOf(ctx));
        do
        {
            Describe(reader, seen);
            while (await reader.ReadAsync(TokenOf(ctx)))
            {
                Row(reader, seen);
            }
        }
        while (await reader.NextResultAsync(TokenOf(ctx)));
        await reader.CloseAsync();
        seen.AppendLine(CultureInfo.InvariantCulture, $"affected {reader.RecordsAffected} closed {reader.IsClosed}");
    }

    private static async Task LeaveAsync(DbCommand command, Context? ctx, StringBuilder seen)
    {
        await using var reader = await command.ExecuteReaderAsync(TokenOf(ctx));
        if (await reader.ReadAsync(TokenOf(ctx)))
        {
            Row(reader, seen);
        }
    }

    private static Task ReadSync(DbCommand command, Context? ctx, StringBuilder seen)
    {
        if (ctx is not null)
        {
            command.WithContext(ctx);
        }

        using var reader = command.ExecuteReader();
        do
        {
            Describe(reader, seen);
            while (reader.Read())
            {
                Row(reader, seen);
            }
        }
        while (reader.NextResult());
        reader.Close();
        seen.AppendLine(CultureInfo.InvariantCulture, $"affected {reader.RecordsAffected}");
        return Task.CompletedTask;
    }

    private static void Describe(DbDataReader reader, StringBuilder seen)
    {
        seen.Append(CultureInfo.InvariantCulture, $"[{reader.FieldCount} {reader.HasRows} ");
        foreach (var column in reader.FieldCount > 0 ? reader.GetColumnSchema() : [])
        {
            seen.Append(CultureInfo.InvariantCulture, $"{column.ColumnName} {column.DataTypeName} ");
        }

        seen.Append(CultureInfo.InvariantCulture, $"{reader.RecordsAffected}]");
    }

    private static void Row(DbDataReader reader, StringBuilder seen)
    {
        for (var i = 0; i < reader.FieldCount; i++)
        {
            seen.Append(CultureInfo.InvariantCulture, $"{reader.GetValue(i)}|");
        }
    }
}
