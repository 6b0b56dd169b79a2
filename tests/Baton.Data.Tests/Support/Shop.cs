using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Baton.Data.Tests;

public sealed class Item
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    public int Count { get; set; }
}

/// <summary>A database as an application has one, with a log that keeps warnings and errors.</summary>
public sealed class Shop(DbContextOptions options) : DbContext(options)
{
    public DbSet<Item> Items => Set<Item>();

    internal List<string> Errors { get; } = [];

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.LogTo(Errors.Add, LogLevel.Warning);

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Item>().Property(item => item.Id).ValueGeneratedNever();
}
