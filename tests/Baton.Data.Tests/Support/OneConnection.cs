using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Baton.Data.Tests;

/// <summary>SQLite's driver has no data source: this is what an application writes.</summary>
internal sealed class OneConnection(SqliteConnection connection) : DbDataSource
{
    public override string ConnectionString => connection.ConnectionString;

    protected override DbConnection CreateDbConnection() => connection;
}
