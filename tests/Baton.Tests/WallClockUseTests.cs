namespace Baton.Tests;

/// <summary>
/// The wall clock can be set to another time at any moment, so the difference between two of its instants is
/// no duration.
/// </summary>
public sealed class WallClockUseTests
{
    /// <summary>
    /// The only places that may ask the wall clock. Each gives an instant, or converts once between an
    /// instant and a remaining time; none keeps an instant to subtract from it later.
    /// </summary>
    private static readonly string[] s_conversions =
    [
        // WithDeadline is given an instant.
        "return WithDue(deadline - TimeProvider.GetUtcNow(), deadline, cause);",

        // Context.Deadline gives one.
        "var now = TimeProvider.GetUtcNow().UtcTicks;",

        // A client of gRPC takes a deadline as an instant of the system's clock, and as nothing else.
        "var now = TimeProvider.System.GetUtcNow().UtcDateTime;",

        // If only the response tells the deadline of a service, the exception names the instant of the response.
        "ctx.Deadline ?? ctx.TimeProvider.GetUtcNow(), transportException: e, token: ctx.Done);",

        // An event of a trace has an instant: the one at which the context ended.
        "ctx.TimeProvider.GetUtcNow() - overrun,",
        "ctx.TimeProvider.GetUtcNow() - sinceEnd,",
        "Context.TimeProvider.GetUtcNow() - sinceEnd,",

        // The page of requests says since when it has looked, and when its figures were taken.
        "Since = Clock.GetUtcNow();",
        "json.WriteString(\"at\", session.Clock.GetUtcNow());",
    ];

    [Fact]
    public void Src_asks_the_wall_clock_only_to_convert_an_instant()
    {
        var asking = Directory.EnumerateFiles(Repository.PathTo("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines)
            .Select(static line => line.Trim())
            .Where(static line => line.Contains("GetUtcNow", StringComparison.Ordinal));

        Assert.Equal(s_conversions.Order(), asking.Order());
    }
}
