using System.Data.Common;

namespace Baton.Data;

/// <summary>A data source whose connections and commands know the context.</summary>
internal sealed class ContextDataSource(DbDataSource inner, StatementOptions options) : DbDataSource
{
    public override string ConnectionString => inner.ConnectionString;

    protected override DbConnection CreateDbConnection() =>
        new ContextConnection(inner.CreateConnection(), options);

    protected override DbCommand CreateDbCommand(string? commandText = null)
    {
        var command = inner.CreateConnection().CreateCommand();
        command.CommandText = commandText;
        return new ContextCommand(command, options) { OwnsConnection = true };
    }

    protected override DbBatch CreateDbBatch() => inner.CreateBatch();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }
    }

    protected override ValueTask DisposeAsyncCore() => inner.DisposeAsync();
}
