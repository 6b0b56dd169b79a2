using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Baton.Data;

/// <summary>A connection whose commands know the context.</summary>
internal sealed class ContextConnection : DbConnection
{
    private readonly DbConnection _inner;
    private readonly StatementOptions _options;

    internal ContextConnection(DbConnection inner, StatementOptions options)
    {
        (_inner, _options) = (inner, options);
        inner.StateChange += (_, change) => OnStateChange(change);
    }

    internal DbConnection Inner => _inner;

    [AllowNull]
    public override string ConnectionString
    {
        get => _inner.ConnectionString;
        set => _inner.ConnectionString = value;
    }

    public override int ConnectionTimeout => _inner.ConnectionTimeout;

    public override string Database => _inner.Database;

    public override string DataSource => _inner.DataSource;

    public override string ServerVersion => _inner.ServerVersion;

    public override ConnectionState State => _inner.State;

    public override bool CanCreateBatch => _inner.CanCreateBatch;

    public override void Open() => _inner.Open();

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _inner.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (
            e is not ContextException
            && Context.TryFromToken(cancellationToken, out var found) && found.IsDone)
        {
            throw found.NewException(e);
        }
    }

    public override void Close() => _inner.Close();

    public override Task CloseAsync() => _inner.CloseAsync();

    public override void ChangeDatabase(string databaseName) => _inner.ChangeDatabase(databaseName);

    public override Task ChangeDatabaseAsync(
        string databaseName, CancellationToken cancellationToken = default) =>
        _inner.ChangeDatabaseAsync(databaseName, cancellationToken);

    public override void EnlistTransaction(System.Transactions.Transaction? transaction) =>
        _inner.EnlistTransaction(transaction);

    public override DataTable GetSchema() => _inner.GetSchema();

    public override DataTable GetSchema(string collectionName) => _inner.GetSchema(collectionName);

    public override DataTable GetSchema(string collectionName, string?[] restrictionValues) =>
        _inner.GetSchema(collectionName, restrictionValues);

    public override ValueTask DisposeAsync() => _inner.DisposeAsync();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        _inner.BeginTransaction(isolationLevel);

    protected override ValueTask<DbTransaction> BeginDbTransactionAsync(
        IsolationLevel isolationLevel, CancellationToken cancellationToken) =>
        _inner.BeginTransactionAsync(isolationLevel, cancellationToken);

    protected override DbCommand CreateDbCommand()
    {
        var command = new ContextCommand(_inner.CreateCommand(), _options);
        command.Connection = this;
        return command;
    }

    protected override DbBatch CreateDbBatch() => _inner.CreateBatch();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }
    }
}
