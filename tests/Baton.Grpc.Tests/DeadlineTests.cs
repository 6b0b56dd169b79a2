using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace Baton.Grpc.Tests;

/// <summary>The time that a context has left, as gRPC's client writes it.</summary>
public sealed class DeadlineTests
{
    private const int Seed = 6;

    [Fact]
    public void It_is_rounded_down_by_less_than_a_hundredth_or_to_the_millisecond()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 100_000; i++)
        {
            // As many of each magnitude, from a tick to a hundred days.
            var left = TimeSpan.FromTicks((long)Math.Pow(10, random.NextDouble() * 14));

            var sent = Deadline.RoundDown(left);

            var most = Math.Max(TimeSpan.TicksPerMillisecond - 1, left.Ticks / 100);
            Assert.InRange((left - sent).Ticks, 0, most);
            Assert.Equal(0, sent.Ticks % TimeSpan.TicksPerMillisecond);
        }
    }

    [Fact]
    public async Task A_retry_of_gRPCs_own_is_sent_what_gRPC_rounds_up()
    {
        var headers = new List<string?>();
        await using var server = await ProbeServer.StartAsync();
        server.Methods.Unary = (note, call) =>
        {
            headers.Add(call.GetHttpContext().Request.Headers["grpc-timeout"]);
            return headers.Count > 1
                ? Task.FromResult(note)
                : throw new RpcException(new Status(StatusCode.Unavailable, "not yet"));
        };
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions
        {
            ServiceConfig = new ServiceConfig
            {
                MethodConfigs =
                {
                    new MethodConfig
                    {
                        Names = { MethodName.Default },
                        RetryPolicy = new RetryPolicy
                        {
                            MaxAttempts = 2,
                            InitialBackoff = TimeSpan.FromMilliseconds(1),
                            MaxBackoff = TimeSpan.FromMilliseconds(1),
                            BackoffMultiplier = 1,
                            RetryableStatusCodes = { StatusCode.Unavailable },
                        },
                    },
                },
            },
        });
        var client = new Probe.ProbeClient(channel.Intercept(new BatonClientInterceptor()));
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromSeconds(990.9));

        await WaitFor.Result(client.UnaryAsync(new Note(), cancellationToken: ctx).ResponseAsync);

        // By then there were a few milliseconds less.
        Assert.Equal(["990S", "990S"], headers);
    }
}
