using System.Text.RegularExpressions;

namespace Baton.AspNetCore.Tests;

/// <summary>The quick start of README.md, as a newcomer runs it.</summary>
public sealed partial class QuickStartTests
{
    [Fact]
    public void The_program_of_the_README_is_the_one_that_is_run_here()
    {
        var block = CodeBlocks.OfDocument("README.md", "readme")["quickstart"];

        Assert.Equal(Repository.Lines("tests/programs/quickstart/Program.cs"), block.Split('\n'));
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_work_and_the_server_says_why()
    {
        using var program = new QuickStartProgram();
        var url = await program.UrlAsync();
        using var client = new HttpClient();
        using var leaves = new CancellationTokenSource();

        var asking = client.GetAsync(new Uri($"{url}/work"), leaves.Token);
        await program.Until(() => program.Output.Any(static line => line.Contains("Request starting", StringComparison.Ordinal)));
        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await program.PrintedAsync("work ended: client disconnected");
    }

    private sealed partial class QuickStartProgram() : DotnetProgram(
        "quickstart",
        ["--urls", "http://127.0.0.1:0"],
        static start => start.Environment["Logging__LogLevel__Microsoft.AspNetCore"] = "Information")
    {
        internal async Task<string> UrlAsync()
        {
            await Until(() => Output.Any(static line => Listening().IsMatch(line)));
            return Output.Select(static line => Listening().Match(line)).First(static match => match.Success).Groups[1].Value;
        }

        [GeneratedRegex("Now listening on: (http://[^ ]+)")]
        private static partial Regex Listening();
    }
}
