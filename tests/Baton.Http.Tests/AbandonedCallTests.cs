using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Baton.Http.Tests;

/// <summary>
/// Calls of a factory's client that are canceled at any moment leave nothing behind, on either side: before they are
/// sent, while they connect, before the headers, in the body, and after it.
/// </summary>
[Collection(nameof(Alone))]
public sealed class AbandonedCallTests
{
    private const int AtATime = 32;

    /// <summary>For each version of HTTP: 5,000 by default. BATON_REQUESTS sets another number.</summary>
    private static readonly int s_calls = int.Parse(
        Environment.GetEnvironmentVariable("BATON_REQUESTS") ?? "5000", CultureInfo.InvariantCulture);

    /// <summary>By this cause, an exception that nobody observed is known to be of a call here.</summary>
    private readonly InvalidOperationException _left = new("left");

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Nothing_is_left_of_calls_that_were_canceled_at_random_moments(string version)
    {
        var running = 0;
        await using var server = await Server.StartBareAsync(
            app => app.MapGet("/", async (HttpContext http) =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    await SendAsync(http);
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            }),
            builder => Wire.Configure(builder, version));
        await using var services = Services(server.Client.BaseAddress!, version);
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var active = ActiveRequests(server.Client.BaseAddress!.Port);
        using var unobserved = new UnobservedExceptions();
        using var parent = Context.Background.WithCancel();
        var deadlines = LiveDeadlines();
        var kept = new List<WeakReference>();

        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(worker =>
            AbandonAsync(client, parent, new Random(worker), kept)));

        await WaitFor.True(() => Volatile.Read(ref running) == 0);
        await WaitFor.True(() => active.Sum == 0);
        await WaitFor.True(() =>
        {
            GC.Collect();
            return kept.TrueForAll(static each => !each.IsAlive);
        });
        Assert.Equal(0, ChildCount(parent));
        await WaitFor.True(() => LiveDeadlines() <= deadlines);
        Assert.False(unobserved.IsReported(e => e.InnerException == _left));
        Assert.Equal(4000, (await WaitFor.Result(client.GetByteArrayAsync("/"))).Length);
    }

    private static async Task SendAsync(HttpContext http)
    {
        try
        {
            for (var i = 0; i < 4; i++)
            {
                await http.Response.Body.WriteAsync(new byte[1000], http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await Task.Yield();
            }
        }
        catch (OperationCanceledException)
        {
            // The client has left.
        }
    }

    private async Task AbandonAsync(
        HttpClient client, Context parent, Random random, List<WeakReference> kept)
    {
        for (var i = 0; i < s_calls / AtATime; i++)
        {
            var references = await AbandonOneAsync(client, parent, random);
            lock (kept)
            {
                kept.AddRange(references);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference[]> AbandonOneAsync(HttpClient client, Context parent, Random random)
    {
        using var ctx = random.Next(2) == 0 ? parent.WithCancel() : parent.WithTimeout(TimeSpan.FromHours(1));
        HttpResponseMessage? response = null;
        try
        {
            if (random.Next(10) == 0)
            {
                ctx.Cancel(_left);
            }

            var calling = client.GetAsync(ctx, "/", random.Next(2) == 0
                ? HttpCompletionOption.ResponseHeadersRead
                : HttpCompletionOption.ResponseContentRead);
            await CancelAfterAsync(ctx, random.Next(20));
            response = await calling;
            await using var body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            var cancel = CancelAfterAsync(ctx, random.Next(20));
            await body.CopyToAsync(Stream.Null, CancellationToken.None);
            await cancel;
        }
        catch (ContextCanceledException)
        {
            // As it is to be: nothing else is thrown.
        }
        finally
        {
            response?.Dispose();
        }

        return response is null
            ? [new WeakReference(ctx)]
            : [new WeakReference(ctx), new WeakReference(response)];
    }

    /// <summary>Three in four calls are canceled, after so many turns of the thread pool.</summary>
    private async Task CancelAfterAsync(CancelableContext ctx, int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            await Task.Yield();
        }

        if (turns < 15)
        {
            ctx.Cancel(_left);
        }
    }

    /// <summary>A client that takes a few turns to connect, and connects often.</summary>
    private static ServiceProvider Services(Uri address, string version)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("", client =>
        {
            client.BaseAddress = address;
            client.DefaultRequestVersion = Version.Parse(version);
            client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMilliseconds(50),
            ConnectCallback = static async (connection, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    for (var i = 0; i < 5; i++)
                    {
                        await Task.Yield();
                    }

                    await socket.ConnectAsync(connection.DnsEndPoint, token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        }).AddBatonHandler();
        return services.BuildServiceProvider();
    }

    /// <summary>What .NET counts as active requests to one port.</summary>
    private static CounterListener ActiveRequests(int port) =>
        new("System.Net.Http", "http.client.active_requests", tags =>
            port.Equals(tags["server.port"]) ? $"{port}" : null);

    /// <summary>What <c>baton.deadline.live</c> says now.</summary>
    private static int LiveDeadlines()
    {
        var live = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "baton.deadline.live")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => live = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return live;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ChildCount")]
    private static extern int ChildCount(CancelableContext ctx);
}
