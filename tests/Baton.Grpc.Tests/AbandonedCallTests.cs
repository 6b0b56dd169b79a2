using System.Globalization;
using Grpc.Net.Client;

namespace Baton.Grpc.Tests;

/// <summary>Calls that are canceled at any moment leave nothing behind.</summary>
[Collection(nameof(Alone))]
public sealed class AbandonedCallTests
{
    private const int AtOnce = 20;
    private const int Seed = 6;

    /// <summary>2,000 by default. BATON_REQUESTS sets another number.</summary>
    private static readonly int s_calls = int.Parse(
        Environment.GetEnvironmentVariable("BATON_REQUESTS") ?? "2000", CultureInfo.InvariantCulture);

    /// <summary>By this cause, an exception that nobody observed is known to be of a call here.</summary>
    private readonly InvalidOperationException _left = new("left");

    public static TheoryData<StatusCode, Type, bool> Failures
    {
        get
        {
            var failures = new TheoryData<StatusCode, Type, bool>();
            foreach (var isDone in new[] { true, false })
            {
                failures.Add(StatusCode.Internal, typeof(ObjectDisposedException), isDone);
                failures.Add(StatusCode.Internal, typeof(InvalidOperationException), isDone);
                failures.Add(StatusCode.Unavailable, typeof(IOException), isDone);
            }

            return failures;
        }
    }

    /// <summary>Methods that never respond, so that each call is canceled before its end.</summary>
    [Fact]
    public Task No_method_runs_on_no_context_is_held_and_the_channel_serves_on() =>
        AbandonAllAsync(
            static call => call.RequestContext.Delay(TimeSpan.FromHours(1)),
            async (server, process, kind, turns) =>
            {
                using var ctx = process.WithCancel();
                var calling = AllKinds.CallAsync(server, AllKinds.Names.ElementAt(kind).Data, ctx.ToCallOptions());
                await TurnAsync(turns);
                ctx.Cancel(_left);
                await Assert.ThrowsAsync<ContextCanceledException>(() => calling);
                return new WeakReference(ctx);
            });

    /// <summary>Methods that respond soon, so that the cancel meets calls at every stage, and after their end.</summary>
    [Fact]
    public Task Nothing_is_left_of_calls_that_are_about_to_end_when_they_are_canceled() =>
        AbandonAllAsync(
            static _ => TurnAsync(3),
            async (server, process, kind, turns) =>
            {
                using var ctx = process.WithTimeout(TimeSpan.FromHours(1));
                var canceling = CancelAsync(ctx, turns);
                try
                {
                    if (kind % 2 == 0)
                    {
                        await server.UnaryAsync(new Note(), ctx.ToCallOptions());
                    }
                    else
                    {
                        using var call = server.ServerStream(new Note(), ctx.ToCallOptions());
                        while (await call.ResponseStream.MoveNext(CancellationToken.None))
                        {
                        }
                    }
                }
                catch (ContextCanceledException)
                {
                    // As it is to be: nothing else is thrown.
                }

                await canceling;
                return new WeakReference(ctx);
            });

    /// <summary>
    /// A cancel disposes the response of HTTP and resets its stream. If gRPC is just about to read, it takes that for a
    /// failure.
    /// </summary>
    [Theory]
    [MemberData(nameof(Failures))]
    public async Task What_gRPC_finds_after_a_cancel_is_the_end_of_a_context_that_is_done_and_of_no_other(
        StatusCode code, Type found, bool isDone)
    {
        using var ctx = Context.Background.WithCancel();
        using var channel = GrpcChannel.ForAddress("http://localhost");
        var watching = new Watching
        {
            Answer = () =>
            {
                if (isDone)
                {
                    ctx.Cancel(_left);
                }

                throw new RpcException(new Status(
                    code, "", (Exception)Activator.CreateInstance(found, "found")!));
            },
        };
        var client = new Probe.ProbeClient(channel.Intercept(watching).Intercept(new BatonClientInterceptor()));

        var e = await Record.ExceptionAsync(() => WaitFor.Result(
            client.UnaryAsync(new Note(), ctx.ToCallOptions()).ResponseAsync));

        Assert.Equal(isDone, e is ContextCanceledException);
        Assert.Equal(!isDone, e is RpcException);
    }

    private async Task AbandonAllAsync(
        Func<ServerCallContext, Task> method,
        Func<Probe.ProbeClient, Context, int, int, Task<WeakReference>> abandon)
    {
        var running = 0;

        // Where a reset of the stream meets a method, gRPC's server logs it in several ways: all are expected.
        await using var server = await ProbeServer.StartAsync(expectedError: "");
        server.Methods.All = async call =>
        {
            Interlocked.Increment(ref running);
            try
            {
                await method(call);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        };
        var services = new ServiceCollection();
        services.AddGrpcClient<Probe.ProbeClient>(options => options.Address = server.Address).AddBatonInterceptor();
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<Probe.ProbeClient>();
        using var unobserved = new UnobservedExceptions();
        using var process = Context.Background.WithCancel();
        var contexts = new List<WeakReference>();
        var random = new Random(Seed);

        for (var i = 0; i < s_calls; i += AtOnce)
        {
            var batch = Enumerable.Range(0, AtOnce)
                .Select(_ => abandon(client, process, random.Next(4), random.Next(60))).ToArray();
            contexts.AddRange(await WaitFor.Result(Task.WhenAll(batch)));
        }

        await WaitFor.True(() => Volatile.Read(ref running) == 0);
        await WaitFor.True(() =>
        {
            GC.Collect();
            return contexts.TrueForAll(static context => !context.IsAlive);
        });
        Assert.False(unobserved.IsReported(e => e.InnerException == _left));
        server.Methods.Unary = static (note, _) => Task.FromResult(note);
        Assert.Equal("still here", (await WaitFor.Result(
            client.UnaryAsync(new Note { Text = "still here" }).ResponseAsync)).Text);
    }

    private async Task CancelAsync(CancelableContext ctx, int turns)
    {
        await TurnAsync(turns);
        ctx.Cancel(_left);
    }

    private static async Task TurnAsync(int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            await Task.Yield();
        }
    }
}
