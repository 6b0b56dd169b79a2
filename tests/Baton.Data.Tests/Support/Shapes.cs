using System.Data.Common;
using Dapper;

namespace Baton.Data.Tests;

/// <summary>The ways in which an application runs a statement.</summary>
internal static class Shapes
{
    internal static readonly Dictionary<string, Func<DbDataSource, Context, string, Task>> All = new()
    {
        ["reader"] = static async (source, ctx, sql) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = Of(connection, sql);
            await using var reader = await command.ExecuteReaderAsync(ctx);
            while (await reader.ReadAsync(ctx))
            {
            }
        },
        ["scalar"] = static async (source, ctx, sql) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = Of(connection, sql);
            await command.ExecuteScalarAsync(ctx);
        },
        ["non-query"] = static async (source, ctx, sql) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = Of(connection, sql);
            await command.ExecuteNonQueryAsync(ctx);
        },
        ["synchronous reader"] = static (source, ctx, sql) => Task.Run(() =>
        {
            using var connection = source.OpenConnection();
            using var command = Of(connection, sql).WithContext(ctx);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
            }
        }),
        ["synchronous scalar"] = static (source, ctx, sql) => Task.Run(() =>
        {
            using var connection = source.OpenConnection();
            using var command = Of(connection, sql).WithContext(ctx);
            command.ExecuteScalar();
        }),
        ["synchronous non-query"] = static (source, ctx, sql) => Task.Run(() =>
        {
            using var connection = source.OpenConnection();
            using var command = Of(connection, sql).WithContext(ctx);
            command.ExecuteNonQuery();
        }),
        ["command of the data source"] = static async (source, ctx, sql) =>
        {
            await using var command = source.CreateCommand(sql);
            command.CommandTimeout = 0;
            await using var reader = await command.ExecuteReaderAsync(ctx);
            await reader.ReadAsync(ctx);
        },
        ["non-query of the data source"] = static async (source, ctx, sql) =>
        {
            await using var command = source.CreateCommand(sql);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(ctx);
        },
        ["synchronous command of the data source"] = static (source, ctx, sql) => Task.Run(() =>
        {
            using var command = source.CreateCommand(sql).WithContext(ctx);
            command.CommandTimeout = 0;
            command.ExecuteScalar();
        }),
        ["Dapper"] = static async (source, ctx, sql) =>
        {
            await using var connection = source.CreateConnection();
            await connection.QueryAsync<object>(new CommandDefinition(sql, commandTimeout: 0, cancellationToken: ctx));
        },
        ["in a transaction"] = static async (source, ctx, sql) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = Of(connection, sql);
            command.Transaction = transaction;
            await command.ExecuteNonQueryAsync(ctx);
        },
    };

    internal static TheoryData<string> Names => [.. All.Keys];

    internal static DbCommand Of(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;

        // The driver's own timeout must not be what ends a statement.
        command.CommandTimeout = 0;
        return command;
    }
}
