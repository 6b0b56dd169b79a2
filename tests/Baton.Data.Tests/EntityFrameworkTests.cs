using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Baton.Data.Tests;

public sealed class EntityFrameworkTests(Postgres postgres)
{
    private const string Limit = "SELECT setting AS \"Value\" FROM pg_settings WHERE name = 'statement' || '_timeout'";

    private static readonly Dictionary<string, Func<Shop, Context, Task>> s_shapes = new()
    {
        ["a query"] = static (shop, ctx) =>
            shop.Items.FromSql($"SELECT 1 AS \"Id\", pg_sleep(600)::text AS \"Name\", 1 AS \"Count\"").ToListAsync(ctx),
        ["a query of values"] = static (shop, ctx) =>
            shop.Database.SqlQuery<string>($"SELECT pg_sleep(600)::text AS \"Value\"").ToListAsync(ctx),
        ["raw SQL"] = static (shop, ctx) => shop.Database.ExecuteSqlAsync($"SELECT pg_sleep(600)", ctx),
        ["raw SQL in a transaction"] = static async (shop, ctx) =>
        {
            await using var transaction = await shop.Database.BeginTransactionAsync(ctx);
            await shop.Database.ExecuteSqlAsync($"SELECT pg_sleep(600)", ctx);
        },
        ["an update"] = static (shop, ctx) => shop.Items.Where(static item => item.Id == 1)
            .ExecuteUpdateAsync(static set => set.SetProperty(static item => item.Count, 2), ctx),
        ["a stream of rows"] = static async (shop, ctx) =>
        {
            await foreach (var _ in shop.Database
                .SqlQuery<string>($"SELECT pg_sleep(600)::text AS \"Value\"").AsAsyncEnumerable().WithCancellation(ctx))
            {
            }
        },
    };

    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<string> AllShapes => [.. s_shapes.Keys];

    [Theory]
    [MemberData(nameof(AllShapes))]
    public async Task The_server_ends_it_at_the_deadline_and_EF_logs_no_error(string shape)
    {
        await using var plain = postgres.NewDataSource();
        await using var watch = new Watch(plain);
        await using var shop = await Open(plain);
        await using var locked = await Lock(plain);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1), new InvalidOperationException("slow"));

        var running = s_shapes[shape](shop, ctx);
        await watch.UntilActive(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(running));

        Assert.Equal(PostgresErrorCodes.QueryCanceled, Assert.IsType<PostgresException>(e.TransportException).SqlState);
        Assert.Equal("slow", e.InnerException!.Message);
        Assert.Empty(shop.Errors);
    }

    [Theory]
    [MemberData(nameof(AllShapes))]
    public async Task It_is_canceled_when_the_client_leaves_and_EF_logs_no_error(string shape)
    {
        await using var plain = postgres.NewDataSource();
        await using var watch = new Watch(plain);
        await using var shop = await Open(plain);
        await using var locked = await Lock(plain);
        using var ctx = Context.Root(_clock).WithCancel();

        var running = s_shapes[shape](shop, ctx);
        await watch.UntilActive(1);
        ctx.Cancel(new InvalidOperationException("left"));
        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(running));

        Assert.Equal("left", e.InnerException!.Message);
        Assert.Empty(shop.Errors);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task SaveChanges_that_waits_for_a_lock_is_canceled_at_the_deadline(int changes)
    {
        await using var plain = postgres.NewDataSource();
        await using var watch = new Watch(plain);
        await using var shop = await Open(plain);
        await using var locked = await Lock(plain);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1));
        foreach (var item in await shop.Items.OrderBy(static item => item.Id).Take(changes).ToListAsync())
        {
            item.Count++;
        }

        var saving = shop.SaveChangesAsync(ctx);
        await watch.UntilActive(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(saving));

        Assert.NotNull(e.TransportException);
        await watch.UntilActive(0);
    }

    [Fact]
    public async Task SaveChanges_saves_and_finds_conflicts_as_without_Baton()
    {
        await using var plain = postgres.NewDataSource();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMinutes(10));
        var seen = new List<string>();
        foreach (var (hasBaton, token) in new[] { (false, CancellationToken.None), (true, ctx.Done) })
        {
            await using var shop = await Open(plain, hasBaton);
            var items = await shop.Items.OrderBy(static item => item.Id).ToListAsync(token);
            items[0].Count = 10;
            items[1].Count = 20;
            shop.Items.Add(new Item { Id = 4, Name = "new" });
            seen.Add($"{await shop.SaveChangesAsync(token)}");

            await shop.Items.Where(static item => item.Id == 2).ExecuteDeleteAsync(token);
            items[0].Count = 11;
            items[1].Count = 21;
            var e = await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => shop.SaveChangesAsync(token));
            seen.Add($"{e.Message} {string.Join(',', e.Entries.Select(static entry => ((Item)entry.Entity).Id))}");
            shop.ChangeTracker.Clear();
            seen.Add(string.Join(',', await shop.Items.OrderBy(static item => item.Id)
                .Select(static item => item.Count).ToListAsync(token)));
        }

        Assert.Equal(seen[..3], seen[3..]);
    }

    [Fact]
    public async Task A_synchronous_call_takes_the_context_of_the_accessor_that_the_application_has_registered()
    {
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(300));
        await using var plain = postgres.NewDataSource();
        var services = new ServiceCollection();
        services.AddSingleton<IContextAccessor>(new Accessor(ctx));
        services.AddDbContext<Shop>(options => options.UseNpgsql(plain).AddBaton());
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        var shop = scope.ServiceProvider.GetRequiredService<Shop>();

        Assert.Equal("300", await Task.Run(() => shop.Database.SqlQueryRaw<string>(Limit).AsEnumerable().First()));
        Assert.Equal("300", (await shop.Database.SqlQueryRaw<string>(Limit).ToListAsync())[0]);
    }

    [Fact]
    public async Task The_wait_for_a_connection_ends_in_the_contexts_words()
    {
        await using var plain = postgres.NewDataSource("Maximum Pool Size=1");
        await using var shop = new Shop(new DbContextOptionsBuilder().UseNpgsql(plain).AddBaton().Options);
        await using var taken = await plain.OpenConnectionAsync();
        using var ctx = Context.Root(_clock).WithCancel();

        var running = shop.Items.ToListAsync(ctx);
        ctx.Cancel(new InvalidOperationException("left"));
        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(running));

        Assert.Equal("left", e.InnerException!.Message);
        Assert.Empty(shop.Errors);
    }

    [Fact]
    public async Task A_strategy_does_not_retry_past_the_deadline_and_the_last_real_failure_is_kept()
    {
        await using var plain = postgres.NewDataSource();
        await using var shop = new Shop(new DbContextOptionsBuilder().UseNpgsql(plain, static options =>
            options.EnableRetryOnFailure(10, TimeSpan.FromHours(1), null)).AddBaton().Options);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1), new InvalidOperationException("slow"));
        var attempts = 0;
        var failed = new TaskCompletionSource();

        var running = shop.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                attempts++;
                failed.TrySetResult();
                await shop.Database.ExecuteSqlRawAsync("DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40001'; END $$", token);
            },
            ctx.Done);
        await WaitFor.Completion(failed.Task);
        await WaitFor.True(() => shop.Errors.Count > 0 || attempts > 1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(running));

        Assert.Equal("slow", e.InnerException!.Message);
        Assert.Equal("40001", Assert.IsType<PostgresException>(e.TransportException).SqlState);
    }

    [Fact]
    public async Task A_retry_that_is_refused_keeps_the_last_real_failure()
    {
        await using var plain = postgres.NewDataSource();
        await using var shop = new Shop(new DbContextOptionsBuilder().UseNpgsql(plain, static options =>
            options.EnableRetryOnFailure(10, TimeSpan.Zero, null))
            .AddBaton(static options => options.MinRemaining = TimeSpan.FromSeconds(1)).Options);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(2));
        var attempts = 0;

        var e = await Assert.ThrowsAsync<DeadlineExceededException>(
            () => shop.Database.CreateExecutionStrategy().ExecuteAsync(
                async token =>
                {
                    if (attempts++ == 1)
                    {
                        _clock.Advance(TimeSpan.FromSeconds(1.5));
                    }

                    await shop.Database.ExecuteSqlRawAsync(
                        "DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40001'; END $$", token);
                },
                ctx.Done));

        Assert.False(ctx.IsDone);
        Assert.IsType<InsufficientTimeException>(e.InnerException);
        Assert.Equal("40001", Assert.IsType<PostgresException>(e.TransportException).SqlState);
    }

    [Fact]
    public async Task A_strategy_that_succeeds_in_the_second_attempt_is_not_changed()
    {
        await using var plain = postgres.NewDataSource();
        await using var shop = new Shop(new DbContextOptionsBuilder().UseNpgsql(plain, static options =>
            options.EnableRetryOnFailure(10, TimeSpan.Zero, null)).AddBaton().Options);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));
        var attempts = 0;

        var sum = await shop.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await shop.Database.ExecuteSqlRawAsync(
                    attempts++ == 0 ? "DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40001'; END $$" : "SELECT 1", token);
                return attempts;
            },
            ctx.Done);

        Assert.Equal(2, sum);
    }

    [Fact]
    public async Task Commit_after_the_deadline_is_refused_in_the_contexts_words()
    {
        await using var plain = postgres.NewDataSource();
        await using var shop = await Open(plain);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMinutes(1));
        await using var transaction = await shop.Database.BeginTransactionAsync(ctx);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await WaitFor.True(() => ctx.IsDone);

        await Assert.ThrowsAsync<DeadlineExceededException>(() => transaction.CommitAsync(ctx));
    }

    [Fact]
    public void It_says_that_the_database_has_to_be_named_first()
    {
        var e = Assert.Throws<InvalidOperationException>(static () => new DbContextOptionsBuilder().AddBaton());

        Assert.Contains("UseNpgsql(connection).AddBaton()", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Added_twice_the_first_options_stay()
    {
        await using var plain = postgres.NewDataSource();
        await using var shop = new Shop(new DbContextOptionsBuilder().UseNpgsql(plain)
            .AddBaton(static options => options.Reserve = TimeSpan.FromMilliseconds(100))
            .AddBaton().Options);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(300));

        Assert.Equal("200", (await shop.Database.SqlQueryRaw<string>(Limit).ToListAsync(ctx))[0]);
    }

    [Fact]
    public async Task Without_a_context_a_call_runs_as_without_Baton()
    {
        await using var plain = postgres.NewDataSource();
        await using var shop = await Open(plain);
        using var foreign = new CancellationTokenSource();

        Assert.Equal("0", (await shop.Database.SqlQueryRaw<string>(Limit).ToListAsync(foreign.Token))[0]);
        await foreign.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.Items.ToListAsync(foreign.Token));
        Assert.IsNotAssignableFrom<ContextException>(e);
    }

    private static async Task<Shop> Open(NpgsqlDataSource source, bool hasBaton = true)
    {
        var builder = new DbContextOptionsBuilder().UseNpgsql(source, static options => options.CommandTimeout(0));
        var shop = new Shop((hasBaton ? builder.AddBaton() : builder).Options);
        await shop.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"Items\"");
        await shop.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
        shop.Items.AddRange(Enumerable.Range(1, 3).Select(static id => new Item { Id = id, Name = $"{id}" }));
        await shop.SaveChangesAsync();
        shop.ChangeTracker.Clear();
        return shop;
    }

    /// <summary>Keeps the first row locked, so that an update of it waits.</summary>
    private static async Task<DbConnection> Lock(NpgsqlDataSource source)
    {
        var connection = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(source.ConnectionString) { ApplicationName = "lock", Pooling = false })
            .CreateConnection();
        await connection.OpenAsync();
        await Shapes.Of(connection, "BEGIN; SELECT 1 FROM \"Items\" WHERE \"Id\" = 1 FOR UPDATE")
            .ExecuteNonQueryAsync();
        return connection;
    }

    private sealed class Accessor(Context ctx) : IContextAccessor
    {
        public Context? Current => ctx;
    }
}
