using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Baton.Grpc.Tests;

/// <summary>samples/chain, as a user runs it.</summary>
public sealed partial class ChainTests
{
    [Fact]
    public async Task It_prints_a_request_that_is_waited_for_one_that_is_left_and_one_with_a_deadline()
    {
        var lines = await RunAsync();

        string[][] clients =
        [
            Of(lines, "A client that waits"), Of(lines, "A client that leaves"),
            Of(lines, "A client that gives"),
        ];
        foreach (var client in clients)
        {
            foreach (var (who, next) in new[]
            {
                ("client", "gateway"), ("gateway", "orders"), ("orders", "stock"),
            })
            {
                Assert.True(Left(client, who) >= Left(client, next),
                    $"{next} has more time than {who}:\n{string.Join('\n', client)}");
            }
        }

        Assert.Equal("gets \"order 7 is reserved on shelf B7\"", Last(clients[0], "client"));
        Assert.Equal("stops: context canceled: the user pressed stop", Last(clients[1], "client"));
        Assert.Equal("stops: context deadline exceeded", Last(clients[2], "client"));
        foreach (var who in new[] { "gateway", "orders", "stock" })
        {
            Assert.StartsWith("answers", Last(clients[0], who), StringComparison.Ordinal);
            Assert.StartsWith("stops: context canceled: client disconnected", Last(clients[1], who),
                StringComparison.Ordinal);
            Assert.StartsWith("stops: context ", Last(clients[2], who), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_service_has_its_page_and_they_show_the_same_request()
    {
        using var chain = new Chain("--stay");
        await chain.Until(() => chain.Errors.Length == 3);
        var pages = chain.Errors.Select(static line => Dashboard().Match(line)).ToArray();
        Assert.Equal(["stock", "orders", "gateway"], pages.Select(static page => page.Groups["who"].Value));
        using var client = new HttpClient();

        // The services are asked one after the other, and a request takes a second: now and then one is seen in all three.
        string?[][] traces;
        do
        {
            traces = await WaitFor.Result(Task.WhenAll(pages.Select(page => TracesAsync(client, page.Groups["address"].Value))));
        }
        while (!traces[0].Intersect(traces[1]).Intersect(traces[2]).Any(static trace => trace is not null));

        Assert.Equal(0, await chain.StopAsync(PosixSignal.SIGTERM));
        Assert.Equal(3, chain.Errors.Length);
    }

    private static async Task<string?[]> TracesAsync(HttpClient client, string page)
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        using var all = JsonDocument.Parse(await client.GetStringAsync($"{page}/requests.json"));
        return [.. all.RootElement.GetProperty("live").GetProperty("requests").EnumerateArray()
            .Select(static request => request.GetProperty("trace").GetString())];
    }

    private static async Task<string[]> RunAsync()
    {
        using var chain = new Chain();
        Assert.Equal(0, await chain.ExitAsync());
        Assert.All(chain.Errors, static line => Assert.Matches(Dashboard(), line));
        return chain.Output;
    }

    /// <summary>The lines under a title.</summary>
    private static string[] Of(string[] lines, string title) =>
        [.. lines.SkipWhile(line => !line.StartsWith(title, StringComparison.Ordinal)).Skip(1)
            .TakeWhile(static line => line.Length > 0)];

    /// <summary>The first thing that is said of the time left there.</summary>
    private static int Left(string[] lines, string who) => lines.Select(static line => Line().Match(line))
        .Where(line => line.Groups["who"].Value == who)
        .Select(static line => line.Groups["left"])
        .Select(static left => left.Success ? int.Parse(left.Value, null) : int.MaxValue)
        .First();

    private static string Last(string[] lines, string who) => lines.Select(static line => Line().Match(line))
        .Last(line => line.Groups["who"].Value == who)
        .Groups["what"].Value;

    [GeneratedRegex(@"^dashboard of (?<who>\w+): (?<address>http://127\.0\.0\.1:\d+/baton)$")]
    private static partial Regex Dashboard();

    [GeneratedRegex(@"^ *\d+  (?<who>\w+) +(?<what>.*?(?:(?<left>\d+) ms left)?)$")]
    private static partial Regex Line();

    private sealed class Chain(params string[] arguments) : DotnetProgram("chain", arguments);
}
