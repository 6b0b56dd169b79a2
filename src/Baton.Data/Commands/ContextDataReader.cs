using System.Collections;
using System.Collections.ObjectModel;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Baton.Data;

/// <summary>A reader that ends with the statement's context, also between rows that have arrived.</summary>
internal sealed class ContextDataReader(DbDataReader inner, Statement statement)
    : DbDataReader, IDbColumnSchemaGenerator
{
    public override int Depth => inner.Depth;

    public override int FieldCount => inner.FieldCount;

    public override int VisibleFieldCount => inner.VisibleFieldCount;

    public override bool HasRows => inner.HasRows;

    public override bool IsClosed => inner.IsClosed;

    public override int RecordsAffected => inner.RecordsAffected;

    public override object this[int ordinal] => inner[ordinal];

    public override object this[string name] => inner[name];

    public override bool Read() => statement.Read(inner, static reader => reader.Read());

    public override bool NextResult() => statement.Read(inner, static reader => reader.NextResult());

    public override Task<bool> ReadAsync(CancellationToken cancellationToken) => statement.ReadAsync(
        inner, static (reader, token) => reader.ReadAsync(token), cancellationToken);

    public override Task<bool> NextResultAsync(CancellationToken cancellationToken) => statement.ReadAsync(
        inner, static (reader, token) => reader.NextResultAsync(token), cancellationToken);

    public override Task<bool> IsDBNullAsync(int ordinal, CancellationToken cancellationToken) =>
        inner.IsDBNullAsync(ordinal, statement.DriverToken(cancellationToken));

    public override Task<T> GetFieldValueAsync<T>(int ordinal, CancellationToken cancellationToken) =>
        inner.GetFieldValueAsync<T>(ordinal, statement.DriverToken(cancellationToken));

    public override bool GetBoolean(int ordinal) => inner.GetBoolean(ordinal);

    public override byte GetByte(int ordinal) => inner.GetByte(ordinal);

    public override long GetBytes(
        int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        inner.GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);

    public override char GetChar(int ordinal) => inner.GetChar(ordinal);

    public override long GetChars(
        int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        inner.GetChars(ordinal, dataOffset, buffer, bufferOffset, length);

    public override string GetDataTypeName(int ordinal) => inner.GetDataTypeName(ordinal);

    public override DateTime GetDateTime(int ordinal) => inner.GetDateTime(ordinal);

    public override decimal GetDecimal(int ordinal) => inner.GetDecimal(ordinal);

    public override double GetDouble(int ordinal) => inner.GetDouble(ordinal);

    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    [return: DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    public override Type GetFieldType(int ordinal) => inner.GetFieldType(ordinal);

    public override T GetFieldValue<T>(int ordinal) => inner.GetFieldValue<T>(ordinal);

    public override float GetFloat(int ordinal) => inner.GetFloat(ordinal);

    public override Guid GetGuid(int ordinal) => inner.GetGuid(ordinal);

    public override short GetInt16(int ordinal) => inner.GetInt16(ordinal);

    public override int GetInt32(int ordinal) => inner.GetInt32(ordinal);

    public override long GetInt64(int ordinal) => inner.GetInt64(ordinal);

    public override string GetName(int ordinal) => inner.GetName(ordinal);

    public override int GetOrdinal(string name) => inner.GetOrdinal(name);

    [return: DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    public override Type GetProviderSpecificFieldType(int ordinal) =>
        inner.GetProviderSpecificFieldType(ordinal);

    public override object GetProviderSpecificValue(int ordinal) => inner.GetProviderSpecificValue(ordinal);

    public override int GetProviderSpecificValues(object[] values) =>
        inner.GetProviderSpecificValues(values);

    public override DataTable? GetSchemaTable() => inner.GetSchemaTable();

    public override Task<DataTable?> GetSchemaTableAsync(CancellationToken cancellationToken = default) =>
        inner.GetSchemaTableAsync(cancellationToken);

    public ReadOnlyCollection<DbColumn> GetColumnSchema() => inner.GetColumnSchema();

    public override Task<ReadOnlyCollection<DbColumn>> GetColumnSchemaAsync(
        CancellationToken cancellationToken = default) => inner.GetColumnSchemaAsync(cancellationToken);

    public override Stream GetStream(int ordinal) => inner.GetStream(ordinal);

    public override string GetString(int ordinal) => inner.GetString(ordinal);

    public override TextReader GetTextReader(int ordinal) => inner.GetTextReader(ordinal);

    public override object GetValue(int ordinal) => inner.GetValue(ordinal);

    public override int GetValues(object[] values) => inner.GetValues(values);

    public override bool IsDBNull(int ordinal) => inner.IsDBNull(ordinal);

    /// <summary>
    /// The statement is finished only after the driver's reader is closed: closing reads the remaining rows,
    /// and the context must be able to end that.
    /// </summary>
    public override void Close()
    {
        try
        {
            inner.Close();
        }
        catch (Exception e) when (statement.IsEnd(e))
        {
            throw statement.EndedBy(e);
        }
        finally
        {
            statement.Finish();
        }
    }

    public override async Task CloseAsync()
    {
        try
        {
            await inner.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (statement.IsEnd(e))
        {
            throw await statement.EndedByAsync(e).ConfigureAwait(false);
        }
        finally
        {
            statement.Finish();
        }
    }

    public override async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    protected override DbDataReader GetDbDataReader(int ordinal) => inner.GetData(ordinal);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }
    }
}
