using System.Data.Common;
using System.Diagnostics;
using Baton.Measuring;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Baton.DataBench;

/// <summary>What a statement costs with a context and without, in turns, and its round trips.</summary>
internal static class StatementCosts
{
    private const int InTurn = 20;

    internal static async Task MeasureAsync(string connectionString, int rounds, List<Judgement> judgements)
    {
        await using var proxy = new CountingProxy(new NpgsqlConnectionStringBuilder(connectionString).Port);
        await using var direct = NpgsqlDataSource.Create(connectionString);
        await using var counted = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { Port = proxy.Port, GssEncryptionMode = GssEncryptionMode.Disable });
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        Console.WriteLine();
        Console.WriteLine(
            $"{"",-26}{"plain",9}{"Baton",9}{"ratio",8}{"quartiles",15}{"more",8}   round trips, plain and Baton");
        foreach (var (name, bar, run) in Statements())
        {
            var ratio = new List<double>();
            var (plain, baton, more) = (new List<double>(), new List<double>(), new List<double>());
            for (var i = -5; i < rounds; i++)
            {
                var (outer, inner) = i % 2 == 0 ? (CancellationToken.None, ctx.Done) : (ctx.Done, CancellationToken.None);
                var one = await TurnAsync(direct, run, outer);
                var other = await TurnAsync(direct, run, inner) + await TurnAsync(direct, run, inner);
                one += await TurnAsync(direct, run, outer);
                var (bare, with) = outer == ctx.Done ? (other, one) : (one, other);
                if (i >= 0)
                {
                    plain.Add(bare.Time);
                    baton.Add(with.Time);
                    ratio.Add(bare.Time / with.Time);
                    more.Add(with.Bytes - bare.Bytes);
                }
            }

            var trips = (await TripsAsync(counted, proxy, run, default), await TripsAsync(counted, proxy, run, ctx.Done));
            var found = Statistics.Of(ratio);
            Console.WriteLine(
                Bench.Text($"{name,-26}{Statistics.Of(plain).Median,6:0} µs{Statistics.Of(baton).Median,6:0} µs")
                + Bench.Text($"{found.Median,8:0.000}{found.Lower,8:0.000}-{found.Upper:0.000}")
                + Bench.Text($"{Statistics.Of(more).Median,6:0} B   {trips.Item1} and {trips.Item2}"));
            judgements.Add(Judgement.AtMost(trips.Item1, $"{name}: round trips", trips.Item2, ""));
            if (bar > 0)
            {
                judgements.Add(Judgement.AtLeast(bar, $"{name}: speed", found.Median, "×"));
            }
        }
    }

    private static (string Name, double Bar, Func<NpgsqlDataSource, CancellationToken, Func<Task>> Run)[] Statements() =>
    [
        ("Npgsql, SELECT 1", 0, static (source, token) => Command(source, "SELECT 1", token)),
        ("Npgsql, 1 ms", 0.97, static (source, token) => Command(source, "SELECT pg_sleep(0.001)", token)),
        ("EF Core, 1 ms", 0.97, static (source, token) =>
        {
            var builder = new DbContextOptionsBuilder().UseNpgsql(source);
            var options = (token.CanBeCanceled ? builder.AddBaton() : builder).Options;
            return async () =>
            {
                await using var db = new DbContext(options);
                await db.Database.SqlQuery<int>($"SELECT 1 AS \"Value\" FROM pg_sleep(0.001)").ToListAsync(token);
            };
        }),
    ];

    private static Func<Task> Command(NpgsqlDataSource source, string sql, CancellationToken token)
    {
        // The wrapper is not disposed: it would dispose the source, which is used on.
        DbDataSource any = token.CanBeCanceled ? source.WithBaton() : source;
        return async () =>
        {
            await using var command = any.CreateCommand(sql);
            await command.ExecuteScalarAsync(token);
        };
    }

    private static async Task<Turn> TurnAsync(
        NpgsqlDataSource source, Func<NpgsqlDataSource, CancellationToken, Func<Task>> run, CancellationToken token)
    {
        var once = run(source, token);
        await once();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < InTurn; i++)
        {
            await once();
        }

        var elapsed = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        return new Turn(elapsed / InTurn, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)InTurn);
    }

    /// <summary>The round trips of ten statements in the steady state, by ten.</summary>
    private static async Task<double> TripsAsync(
        NpgsqlDataSource source,
        CountingProxy proxy,
        Func<NpgsqlDataSource, CancellationToken, Func<Task>> run,
        CancellationToken token)
    {
        var once = run(source, token);
        await once();
        var before = proxy.RoundTrips;
        for (var i = 0; i < 10; i++)
        {
            await once();
        }

        return (proxy.RoundTrips - before) / 10.0;
    }

    /// <summary>The µs and bytes of one statement.</summary>
    private sealed record Turn(double Time, double Bytes)
    {
        public static Turn operator +(Turn one, Turn other) =>
            new((one.Time + other.Time) / 2, (one.Bytes + other.Bytes) / 2);
    }
}
