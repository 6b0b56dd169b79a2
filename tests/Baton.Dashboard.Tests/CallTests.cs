using System.Data.Common;
using System.Text.Json;
using Baton.Grpc;
using Baton.Grpc.Tests;
using Baton.Http;
using Grpc.Net.Client;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Dashboard.Tests;

/// <summary>A call stands under the request that waits for it, for as long as it runs, whichever way it ends.</summary>
public sealed class CallTests : IDisposable
{
    private const string Endless = "SELECT count(*) FROM (WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a) "
        + "SELECT x FROM a) WHERE hold(x) > 0";

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private static readonly Dictionary<string, (string Kind, string Target, string? Operation)> s_shown = new()
    {
        ["HTTP"] = ("http", "http://stock.example:8080", "GET"),
        ["gRPC, unary"] = ("grpc", "http://stock.example:9090", "/baton.tests.Probe/Unary"),
        ["gRPC, server streaming"] = ("grpc", "http://stock.example:9090", "/baton.tests.Probe/ServerStream"),
        ["gRPC, both streaming"] = ("grpc", "http://stock.example:9090", "/baton.tests.Probe/Duplex"),
        ["a statement"] = ("data", "sqlite", null),
        ["rows"] = ("data", "sqlite", null),
    };

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var kind in s_shown.Keys)
            {
                foreach (var end in (string[])["responds", "fails", "is canceled", "passes its deadline", "loses its client"])
                {
                    all.Add(kind, end);
                }
            }

            return all;
        }
    }

    public static TheoryData<string> Kinds => [.. s_shown.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_shows_whom_it_calls_its_age_and_its_time_and_goes_when_it_ends(string kind, string end)
    {
        CancelableContext? call = null;
        await using var called = await StartCalledAsync(end);
        await using var server = await StartAsync(ctx => call = ctx.WithTimeout(s_minute), kind, end, called);
        await server.RequestsAsync();
        using var client = await server.AskAsync("/caller");
        await WaitFor.Completion(_arrived.Task);
        _clock.Advance(TimeSpan.FromSeconds(3));

        var shown = Assert.Single((await server.RequestsAsync()).Single().GetProperty("calls").EnumerateArray());
        Assert.Equal(s_shown[kind], (Text(shown, "kind"), Text(shown, "target"), Text(shown, "operation")));
        Assert.Equal(
            (3000, 60_000), (shown.GetProperty("ageMs").GetDouble(), shown.GetProperty("givenMs").GetDouble()));
        switch (end)
        {
            case "is canceled":
                call!.Cancel();
                break;
            case "passes its deadline":
                _clock.Advance(s_minute);
                break;
            case "loses its client":
                client.Dispose();
                break;
        }

        if (end is not "loses its client")
        {
            // Where the call is canceled, this lets the statement's thread see it.
            _released.TrySetResult();
        }

        await ReleaseWhenDoneAsync(call!);
        await WaitFor.Completion(_ended.Task);
        _clock.Advance(Snapshots.Fresh);

        var row = (await server.RequestsAsync()).Single();
        Assert.Empty(row.GetProperty("calls").EnumerateArray());
        Assert.Equal(0, row.GetProperty("moreCalls").GetInt32());
        _isOver.SetResult();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_call_that_is_refused_is_never_shown(string kind)
    {
        await using var called = await StartCalledAsync("is refused");
        await using var server = await StartAsync(
            ctx =>
            {
                var call = ctx.WithCancel();
                call.Cancel();
                return call;
            },
            kind, "is refused", called);
        await server.RequestsAsync();
        using var client = await server.AskAsync("/caller");
        await WaitFor.Completion(_ended.Task);
        _clock.Advance(Snapshots.Fresh);

        Assert.Empty((await server.RequestsAsync()).Single().GetProperty("calls").EnumerateArray());
        Assert.False(_arrived.Task.IsCompleted);
        _isOver.SetResult();
    }

    [Fact]
    public async Task Of_many_calls_at_once_four_are_listed_and_the_rest_is_counted_until_the_request_is_opened()
    {
        var held = new Held(this, "responds", arrivals: 7);
        await using var server = await Site.StartAsync(_clock, app => app.MapGet("/many", async (Context ctx) =>
        {
            using var http = new HttpClient(new BatonHandler(held));
            await Task.WhenAll(Enumerable.Range(0, 7).Select(i => http.GetAsync(ctx, $"http://stock{i}.example/")));
            _ended.SetResult();
            await _isOver.Task;
        }));
        await server.RequestsAsync();
        using var client = await server.AskAsync("/many");
        await WaitFor.Completion(_arrived.Task);
        _clock.Advance(Snapshots.Fresh);

        var row = (await server.RequestsAsync()).Single();
        Assert.Equal((4, 3), (row.GetProperty("calls").GetArrayLength(), row.GetProperty("moreCalls").GetInt32()));
        var opened = await server.ReadAsync($"requests/{Text(row, "id")}");
        Assert.Equal((7, 0), (opened.GetProperty("calls").GetArrayLength(), opened.GetProperty("moreCalls").GetInt32()));
        Assert.Equal("http://stock0.example", Text(row.GetProperty("calls")[0], "target"));
        _released.SetResult();
        await WaitFor.Completion(_ended.Task);
        _isOver.SetResult();
    }

    public void Dispose()
    {
        _released.TrySetResult();
        _isOver.TrySetResult();
    }

    private Task<Server> StartAsync(
        Func<Context, CancelableContext> derive, string kind, string end, ProbeServer called) =>
        Site.StartAsync(_clock, app => app.MapGet("/caller", async (Context ctx) =>
        {
            using var call = derive(ctx);
            try
            {
                await CallAsync(call, kind, end, called);
            }
            catch (Exception)
            {
                // Each of the ends has its own. What is looked at here is that the call is over.
            }

            _ended.TrySetResult();
            await _isOver.Task;
        }));

    private async Task CallAsync(Context ctx, string kind, string end, ProbeServer called)
    {
        switch (kind)
        {
            case "HTTP":
                using (var http = new HttpClient(new BatonHandler(new Held(this, end))))
                {
                    (await http.GetAsync(ctx, "http://stock.example:8080/secret")).Dispose();
                }

                break;
            case "a statement" or "rows":
                // It runs on the thread that waits for it.
                await Task.Run(() => QueryAsync(ctx, isRead: kind == "rows", end));
                break;
            default:
                using (var channel = GrpcChannel.ForAddress(called.Address))
                {
                    await CallAsync(channel, ctx, kind);
                }

                break;
        }
    }

    private static async Task CallAsync(GrpcChannel channel, Context ctx, string kind)
    {
        var client = new Probe.ProbeClient(channel.Intercept(new BatonClientInterceptor(
            new BatonGrpcOptions { Address = new Uri("http://stock.example:9090") })));
        switch (kind)
        {
            case "gRPC, unary":
                await client.UnaryAsync(new Note(), ctx.ToCallOptions());
                break;
            case "gRPC, server streaming":
                using (var call = client.ServerStream(new Note(), ctx.ToCallOptions()))
                {
                    await ReadAsync(call.ResponseStream);
                }

                break;
            default:
                using (var call = client.Duplex(ctx.ToCallOptions()))
                {
                    await call.RequestStream.WriteAsync(new Note());
                    await ReadAsync(call.ResponseStream);
                }

                break;
        }

        static async Task ReadAsync(IAsyncStreamReader<Note> responses)
        {
            while (await responses.MoveNext(CancellationToken.None))
            {
            }
        }
    }

    private async Task QueryAsync(Context ctx, bool isRead, string end)
    {
        using var sqlite = new SqliteConnection("Data Source=:memory:");
        await sqlite.OpenAsync();
        sqlite.CreateFunction("hold", (long x) =>
        {
            if (x == 1)
            {
                _arrived.TrySetResult();
                _released.Task.GetAwaiter().GetResult();
                if (end == "fails")
                {
                    throw new InvalidOperationException("broken");
                }
            }

            return x;
        });
        await using var source = new OneConnection(sqlite).WithBaton();
        await using var connection = await source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        var held = end is "responds" or "fails" ? "SELECT hold(1)" : Endless;
        command.CommandText = isRead ? $"SELECT 0 UNION ALL {held}" : held;
        if (!isRead)
        {
            await command.ExecuteScalarAsync(ctx);
            return;
        }

        await using var reader = await command.ExecuteReaderAsync(ctx);
        while (await reader.ReadAsync(ctx))
        {
        }
    }

    /// <summary>Whoever is called, over gRPC: a stream gives one note, and then holds as the others do.</summary>
    private async Task<ProbeServer> StartCalledAsync(string end)
    {
        // Where a call is reset, gRPC's server logs it in several ways.
        var called = await ProbeServer.StartAsync(expectedError: "");
        called.Methods.All = HoldAsync;
        called.Methods.ServerStream = async (note, responses, call) =>
        {
            await responses.WriteAsync(note);
            await HoldAsync(call);
        };
        return called;

        async Task HoldAsync(ServerCallContext call)
        {
            _arrived.TrySetResult();
            await _released.Task;
            if (end == "fails")
            {
                throw new RpcException(new Status(StatusCode.Internal, "broken"));
            }
        }
    }

    /// <summary>A statement's thread waits where the test holds it, and sees the end of its context when it goes on.</summary>
    private async Task ReleaseWhenDoneAsync(Context call)
    {
        if (!_released.Task.IsCompleted)
        {
            await WaitFor.Result(Select.Done(call).AsTask());
            _released.SetResult();
        }
    }

    private static string? Text(JsonElement one, string name) => one.GetProperty(name).GetString();

    /// <summary>A network that responds when the test says so.</summary>
    private sealed class Held(CallTests test, string end, int arrivals = 1) : HttpMessageHandler
    {
        private int _left = arrivals;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                test._arrived.TrySetResult();
            }

            await test._released.Task.WaitAsync(cancellationToken);
            return end == "fails" ? throw new HttpRequestException("broken") : new HttpResponseMessage();
        }
    }

    /// <summary>SQLite's driver has no data source: this is what an application writes.</summary>
    private sealed class OneConnection(SqliteConnection connection) : DbDataSource
    {
        public override string ConnectionString => connection.ConnectionString;

        protected override DbConnection CreateDbConnection() => connection;
    }
}
