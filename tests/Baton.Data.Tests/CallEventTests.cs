using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Data.Tests;

/// <summary>Whoever listens is told of statements that begin and end.</summary>
public sealed class CallEventTests : IDisposable
{
    private const string Once = "SELECT note(1)";
    private const string Endless =
        "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a) SELECT count(*) FROM a WHERE note(x) > 0";

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteConnection _kept = new("Data Source=:memory:");
    private readonly DbDataSource _source;
    private readonly Postgres _postgres;

    public CallEventTests(Postgres postgres)
    {
        _postgres = postgres;
        _kept.Open();
        _kept.CreateFunction("note", (long x) =>
        {
            _arrived.TrySetResult();
            if (x == 1)
            {
                // The statement runs on the thread that waits here.
                _released.Task.GetAwaiter().GetResult();
            }

            return x;
        });
        _source = new OneConnection(_kept).WithBaton();
    }

    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var shape in Shapes.All.Keys)
            {
                foreach (var end in (string[])["responds", "fails", "is canceled", "passes its deadline"])
                {
                    all.Add(shape, end);
                }
            }

            return all;
        }
    }

    public static TheoryData<string> AllShapes => [.. Shapes.All.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_statement_is_told_of_once_and_so_is_its_end(string shape, string end)
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Data", ctx);

        var running = Task.Run(() => Shapes.All[shape](_source, ctx, end is "responds" or "fails" ? Once : Endless));
        await WaitFor.Completion(_arrived.Task);
        Assert.Equal([CallListener.Start], calls.Names);
        End(end, ctx);
        var failure = await Record.ExceptionAsync(() => WaitFor.Completion(running));

        Assert.Equal(end == "responds", failure is null);
        Assert.Equal([CallListener.Start, CallListener.Stop], calls.Names);
        Assert.Same(calls.Begun[0], calls.Ended[0]);
    }

    [Fact]
    public async Task It_tells_of_the_engine_and_the_time_and_of_no_file_and_no_statement()
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Data", ctx);
        await using var command = _source.CreateCommand("SELECT 'secret'");

        await command.ExecuteScalarAsync(ctx);

        var call = Assert.Single(calls.Begun);
        Assert.Equal(("sqlite", null, (TimeSpan?)s_minute), (call["Target"], call["Operation"], (TimeSpan?)call["Remaining"]));
        Assert.Equal(["Context", "Operation", "Remaining", "Target"], call.Keys.Order());
    }

    [Fact]
    public async Task It_tells_of_the_server_with_its_port_and_of_no_user_and_no_database()
    {
        await using var source = _postgres.NewDataSource().WithBaton();
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Data", ctx);
        await using var command = source.CreateCommand("SELECT 'secret'");

        await command.ExecuteScalarAsync(ctx);

        Assert.Matches(@"^postgresql://[\w.]+:\d+$", Assert.IsType<string>(Assert.Single(calls.Begun)["Target"]));
        Assert.Equal([CallListener.Start, CallListener.Stop], calls.Names);
    }

    [Theory]
    [MemberData(nameof(AllShapes))]
    public async Task A_statement_that_is_refused_is_not_told_of(string shape)
    {
        using var ctx = Context.Root(_clock).WithCancel();
        ctx.Cancel();
        using var calls = new CallListener("Baton.Data", ctx);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => WaitFor.Completion(Task.Run(() => Shapes.All[shape](_source, ctx, Once))));

        Assert.Empty(calls.Names);
    }

    [Fact]
    public async Task A_result_lasts_until_it_is_closed()
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Data", ctx);
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = Shapes.Of(connection, "SELECT 1 UNION SELECT 2");
        await using var reader = await command.ExecuteReaderAsync(ctx);
        Assert.True(await reader.ReadAsync(ctx));
        Assert.Equal([CallListener.Start], calls.Names);

        await reader.CloseAsync();

        Assert.Equal([CallListener.Start, CallListener.Stop], calls.Names);
    }

    [Fact]
    public async Task A_query_of_EF_is_told_of_as_well()
    {
        await using var shop = new Shop(new DbContextOptionsBuilder().UseSqlite(_kept).AddBaton().Options);
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Data", ctx);

        await shop.Database.SqlQueryRaw<long>("SELECT 1 AS Value").ToListAsync(ctx);

        Assert.Equal([CallListener.Start, CallListener.Stop], calls.Names);
    }

    public void Dispose()
    {
        _released.TrySetResult();
        _source.Dispose();
        _kept.Dispose();
    }

    private void End(string end, CancelableContext ctx)
    {
        switch (end)
        {
            case "responds":
                break;
            case "fails":
                _released.SetException(new InvalidOperationException("broken"));
                return;
            case "is canceled":
                ctx.Cancel();
                break;
            default:
                _clock.Advance(s_minute);
                break;
        }

        _released.SetResult();
    }
}
