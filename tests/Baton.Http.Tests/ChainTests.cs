using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>Budgets along random chains of services whose clocks are hours apart.</summary>
public sealed class ChainTests
{
    private const int Chains = 10_000;

    /// <summary>A fixed seed: each run makes the same chains.</summary>
    private const int Seed = 20_261_124;

    [Fact]
    public async Task No_service_is_given_more_than_its_caller_had_left()
    {
        var random = new Random(Seed);
        var seen = 0;
        for (var i = 0; i < Chains; i++)
        {
            var chain = new Chain(random);
            try
            {
                await chain.RunAsync();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Assert.Fail($"Chain {i} of seed {Seed}: {e}");
            }
            catch (OperationCanceledException)
            {
                // The time was up somewhere along it.
            }

            seen += chain.Seen;
        }

        Assert.True(seen > 3 * Chains, $"Only {seen} services were reached.");
    }

    /// <summary>
    /// One request through some services. Time passes everywhere alike, whatever the clocks say.
    /// </summary>
    private sealed class Chain(Random random)
    {
        private readonly FakeTimeProvider[] _clocks =
            [.. Enumerable.Range(0, random.Next(2, 7)).Select(_ =>
                new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddHours(random.Next(100_000))))];

        internal int Seen { get; private set; }

        internal async Task RunAsync()
        {
            using var ctx = Context.Root(_clocks[0]).WithTimeout(Some(30_000));
            await ServeAsync(0, ctx);
        }

        private async Task ServeAsync(int hop, Context ctx)
        {
            Pass();
            if (hop + 1 == _clocks.Length)
            {
                return;
            }

            // Work of its own under a budget of its own, longer or shorter than what is left.
            using var child = random.Next(3) == 0 ? ctx.WithTimeout(Some(40_000)) : ctx.WithCancel();
            var reserve = random.Next(2) == 0 ? TimeSpan.Zero : Some(50);
            using var client = new HttpMessageInvoker(
                new BatonHandler(
                    new Service(this, hop + 1, child, reserve), new BatonHttpOptions { Reserve = reserve }));
            for (var attempt = random.Next(1, 3); attempt > 0; attempt--)
            {
                using var request = new HttpRequestMessage(
                    HttpMethod.Get, $"http://service{hop + 1}.internal/");
                request.SetContext(child);
                using var response = await client.SendAsync(request, child);
                Pass();
            }
        }

        private TimeSpan Some(int milliseconds) =>
            TimeSpan.FromMilliseconds(random.NextDouble() * milliseconds);

        private void Pass()
        {
            var time = Some(200);
            foreach (var clock in _clocks)
            {
                clock.Advance(time);
            }
        }

        /// <summary>
        /// The next service, and the handler that reaches it, which would follow redirects.
        /// </summary>
        private sealed class Service(Chain chain, int hop, Context caller, TimeSpan reserve)
            : HttpClientHandler
        {
            protected override async Task<HttpResponseMessage> SendAsync(
                HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var left = caller.Remaining;
                var sent = request.Headers.GetValues("grpc-timeout").Single();
                Assert.True(DeadlineHeader.GrpcTimeout.TryParse(sent, out var budget));
                Assert.True(budget <= left - reserve, $"{budget} was given of {left} less {reserve}.");
                Assert.True(
                    budget >= (left - reserve) * 0.99, $"Only {budget} was given of {left} less {reserve}.");
                chain.Seen++;
                chain.Pass();
                var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request };
                if (chain._clocks.Length > 3 && chain.Seen % 5 == 0)
                {
                    response.StatusCode = HttpStatusCode.Redirect;
                    response.Headers.Location = new Uri("/elsewhere", UriKind.Relative);
                    return response;
                }

                using var ctx = Context.Root(chain._clocks[hop]).WithTimeout(budget);
                await chain.ServeAsync(hop, ctx);
                return response;
            }
        }
    }
}
