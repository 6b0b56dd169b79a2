using Baton.Measuring;
using Npgsql;

[assembly: AssemblyFixture(typeof(Baton.Data.Tests.Postgres))]

namespace Baton.Data.Tests;

/// <summary>One server for all tests: the first test that asks for it starts it.</summary>
public sealed class Postgres : IDisposable
{
    private readonly Lazy<(PostgresServer? Server, string Failure)> _started = new(
        static () => (PostgresServer.Start(350, out var failure), failure));

    /// <summary>Skips the test that calls it, by name, if there is no PostgreSQL on this machine.</summary>
    internal string ConnectionString
    {
        get
        {
            Assert.SkipWhen(_started.Value.Server is null, _started.Value.Failure);
            return _started.Value.Server.ConnectionString + ";Maximum Pool Size=300";
        }
    }

    internal string Log => _started.Value.Server!.Log;

    internal NpgsqlDataSource NewDataSource(string more = "") =>
        NpgsqlDataSource.Create($"{ConnectionString};Application Name={Guid.NewGuid():N};{more}");

    public void Dispose()
    {
        if (_started.IsValueCreated)
        {
            _started.Value.Server?.Dispose();
        }
    }
}
