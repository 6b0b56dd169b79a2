using System.Data.Common;
using System.Diagnostics;
using Baton.Measuring;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Baton.DataBench;

/// <summary>Many statements that end at one deadline, and many whose clients leave at one moment.</summary>
internal static class Storms
{
    private const string Sleep = "SELECT pg_sleep(20)";
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(4);

    internal static async Task MeasureAsync(PostgresServer server, int[] sizes, List<Judgement> judgements)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"{"",-36}{"running",9}{"last caller told",18}{"server idle",14}{"connections",13}{"Cancel() held",15}");
        foreach (var size in sizes)
        {
            await using var source = NpgsqlDataSource.Create(
                $"{server.ConnectionString};Maximum Pool Size={size};Application Name=storm");
            await WarmAsync(source, size);
            foreach (var kind in new[] { Kind.Npgsql, Kind.BatonData, Kind.Ef, Kind.BatonEf })
            {
                foreach (var isDeadline in new[] { true, false })
                {
                    var found = await RunAsync(server, source, size, kind, isDeadline);
                    Console.WriteLine(Bench.Text($"{size,4} {(isDeadline ? "at a deadline" : "client left"),-14}{Name(kind),-17}")
                        + Bench.Text($"{found.Running,9}{found.Told,15:0} ms{found.Idle,11:0} ms{found.Connections,13}")
                        + (found.Held is { } held ? Bench.Text($"{held,12:0.0} ms") : $"{"–",15}"));
                    if (isDeadline && kind is Kind.BatonData or Kind.BatonEf)
                    {
                        judgements.Add(Judgement.AtMost(
                            0, $"{size} at a deadline, {Name(kind)}: connections", found.Connections, ""));
                    }
                }
            }
        }
    }

    private static string Name(Kind kind) => kind switch
    {
        Kind.Npgsql => "Npgsql",
        Kind.BatonData => "Npgsql, Baton",
        Kind.Ef => "EF Core",
        _ => "EF Core, Baton",
    };

    /// <summary>Fills the pool, so that only what a cancel opens is counted.</summary>
    private static async Task WarmAsync(NpgsqlDataSource source, int size)
    {
        var all = new List<DbConnection>();
        for (var i = 0; i < size; i++)
        {
            all.Add(await source.OpenConnectionAsync());
        }

        foreach (var one in all)
        {
            await one.DisposeAsync();
        }
    }

    private static async Task<Found> RunAsync(
        PostgresServer server, NpgsqlDataSource source, int size, Kind kind, bool isDeadline)
    {
        await using var watch = NpgsqlDataSource.Create($"{server.ConnectionString};Application Name=watch");
        using var warm = Context.Background.WithCancel();
        await Statement(source, kind, "SELECT 1")(warm);
        await ActiveAsync(watch);
        var before = Received(server);
        var run = Statement(source, kind, Sleep);
        using var plain = new CancellationTokenSource();
        using var ctx = isDeadline ? Context.Background.WithTimeout(s_time) : Context.Background.WithCancel();
        var end = Stopwatch.GetTimestamp() + (long)(s_time.TotalSeconds * Stopwatch.Frequency);
        var token = kind is Kind.Npgsql or Kind.Ef ? plain.Token : ctx.Done;
        var running = Enumerable.Range(0, size).Select(_ => Task.Run(() => RunOneAsync(run, token))).ToArray();
        while (await ActiveAsync(watch) < size && Stopwatch.GetTimestamp() < end)
        {
        }

        var active = await ActiveAsync(watch);
        while (Stopwatch.GetTimestamp() < end)
        {
            await Task.Delay(1, CancellationToken.None);
        }

        double? held = null;
        if (kind is Kind.Npgsql or Kind.Ef || !isDeadline)
        {
            held = Hold(() =>
            {
                if (token == plain.Token)
                {
                    plain.Cancel();
                }
                else
                {
                    ctx.Cancel();
                }
            });
        }

        var idle = IdleAsync(watch, end);
        await Task.WhenAll(running);
        var told = Stopwatch.GetElapsedTime(end).TotalMilliseconds;
        return new Found(active, told, await idle, Received(server) - before, held);
    }

    private static Func<CancellationToken, Task> Statement(NpgsqlDataSource source, Kind kind, string sql)
    {
        if (kind is Kind.Npgsql or Kind.BatonData)
        {
            DbDataSource any = kind == Kind.Npgsql ? source : source.WithBaton();
            return async token =>
            {
                await using var command = any.CreateCommand(sql);
                await command.ExecuteNonQueryAsync(token);
            };
        }

        var builder = new DbContextOptionsBuilder().UseNpgsql(source);
        var options = (kind == Kind.BatonEf ? builder.AddBaton() : builder).Options;
        return async token =>
        {
            await using var db = new DbContext(options);
            await db.Database.ExecuteSqlRawAsync(sql, token);
        };
    }

    private static async Task RunOneAsync(Func<CancellationToken, Task> run, CancellationToken token)
    {
        try
        {
            await run(token);
        }
        catch (Exception e) when (e is OperationCanceledException or DbException)
        {
            // This is the end that the storm is about.
        }
    }

    /// <summary>How many milliseconds <c>Cancel()</c> holds the thread that calls it.</summary>
    private static double Hold(Action cancel)
    {
        var start = Stopwatch.GetTimestamp();
        cancel();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> IdleAsync(NpgsqlDataSource watch, long end)
    {
        while (await ActiveAsync(watch) > 0)
        {
        }

        return Stopwatch.GetElapsedTime(end).TotalMilliseconds;
    }

    private static async Task<long> ActiveAsync(NpgsqlDataSource watch)
    {
        await using var command = watch.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'storm' AND state = 'active'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static int Received(PostgresServer server) => server.Log.Split("connection received").Length;

    private enum Kind
    {
        Npgsql,
        BatonData,
        Ef,
        BatonEf,
    }

    private sealed record Found(long Running, double Told, double Idle, int Connections, double? Held);
}
