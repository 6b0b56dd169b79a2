using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>How long to go on.</summary>
/// <param name="Launches">
/// How often the servers are started anew; each time the JIT and the heap turn out differently.
/// </param>
/// <param name="Rounds">
/// The rounds of a launch, in each of which .NET and Baton have two slices of every act, and Go one.
/// </param>
/// <param name="Slice">How long one server is loaded at a stretch.</param>
/// <param name="Counted">The requests over which allocated bytes are counted.</param>
/// <param name="Closings">The clients that leave, of each launch.</param>
/// <param name="Waiting">The requests that wait in /hello at once.</param>
/// <param name="InFlight">The requests in flight while the page of requests is measured with them.</param>
/// <param name="Starts">The starts of each program.</param>
internal sealed record Effort(
    int Launches, int Rounds, TimeSpan Slice, int Counted, int Closings, int Waiting, int InFlight, int Starts)
{
    internal static Effort Full { get; } = new(
        Launches: 6, Rounds: 4, TimeSpan.FromSeconds(1), Counted: 100_000, Closings: 10_000,
        Waiting: 10_000, InFlight: 5_000, Starts: 20);

    internal static Effort Quick { get; } = new(
        Launches: 1, Rounds: 1, TimeSpan.FromSeconds(1), Counted: 5_000, Closings: 500,
        Waiting: 1_000, InFlight: 500, Starts: 3);

    internal string Rule => Bench.Text(
        $"launches of every server: {Launches}, {Rounds} rounds each, {Slice.TotalSeconds} s a slice; bytes over {Counted:#,0} requests; {Closings:#,0} clients that leave, a launch; {Waiting:#,0} requests that wait; {InFlight:#,0} in flight beside the page; {Starts} starts");
}
