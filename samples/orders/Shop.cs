using Microsoft.EntityFrameworkCore;

namespace Orders;

internal sealed class Order
{
    public int Id { get; set; }

    public string Item { get; set; } = "";
}

internal sealed class Shop(DbContextOptions<Shop> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    /// <summary>Counts in a way that takes minutes.</summary>
    internal static string Report(bool isPostgres) => isPostgres
        ? "SELECT count(*) AS \"Value\" FROM generate_series(1, 100000) a, generate_series(1, 100000) b"
        : """
          WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a WHERE x < 10000000000)
          SELECT count(*) AS Value FROM a
          """;
}
