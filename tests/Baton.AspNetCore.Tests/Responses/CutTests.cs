namespace Baton.AspNetCore.Tests;

/// <summary>No response that was cut looks whole.</summary>
public sealed class CutTests
{
    public static TheoryData<string, string, string> Matrix
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var writer in Writers.Swallowing.Concat(Writers.Throwing))
            {
                foreach (var cause in EndedServer.Causes)
                {
                    foreach (var protocol in EndedServer.Protocols)
                    {
                        rows.Add(writer, cause, protocol);
                    }
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task What_was_begun_and_not_finished_breaks_off(string writer, string cause, string protocol)
    {
        await using var server = await EndedServer.StartAsync(cause, protocol);

        using var response = await WaitFor.Result(server.SendAsync(writer));
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var first = await body.ReadAsync(new byte[1], TestContext.Current.CancellationToken);
        await WaitFor.Result(server.Gate.Given.Task);
        server.End();

        Assert.Equal(1, first);
        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(body.CopyToAsync(Stream.Null)));
        Assert.All(
            server.Logs, static line => Assert.StartsWith("Information", line, StringComparison.Ordinal));
    }
}
