using System.Data.Common;

namespace Baton.Data.Tests;

/// <summary>docs/observability.md says what the code does.</summary>
public sealed class DocumentTests
{
    [Fact]
    public async Task The_table_of_the_meter_has_each_instrument_with_its_kind_and_unit()
    {
        // The meter is made with the first statement that it counts.
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel();
        using var sqlite = new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:");
        await using var source = new OneConnection(sqlite).WithBaton();
        await using var command = source.CreateCommand("SELECT 1");
        await Assert.ThrowsAsync<ContextCanceledException>(() => command.ExecuteScalarAsync(ctx));

        Assert.Equal(MeterTable.Instruments("Baton.Data"), MeterTable.Rows("Baton.Data"));
    }
}
