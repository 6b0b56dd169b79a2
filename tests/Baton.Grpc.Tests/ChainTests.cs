using System.Diagnostics;
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

    private static async Task<string[]> RunAsync()
    {
        var path = Repository.PathTo(
            "artifacts", "bin", "chain", new DirectoryInfo(AppContext.BaseDirectory).Name, "chain.dll");
        using var chain = Process.Start(
            new ProcessStartInfo("dotnet", [path]) { RedirectStandardOutput = true })!;
        try
        {
            var output = await WaitFor.Result(chain.StandardOutput.ReadToEndAsync());
            await WaitFor.Completion(chain.WaitForExitAsync());
            Assert.Equal(0, chain.ExitCode);
            return output.Split('\n');
        }
        finally
        {
            if (!chain.HasExited)
            {
                chain.Kill();
            }
        }
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

    [GeneratedRegex(@"^ *\d+  (?<who>\w+) +(?<what>.*?(?:(?<left>\d+) ms left)?)$")]
    private static partial Regex Line();
}
