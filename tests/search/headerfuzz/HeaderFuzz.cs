using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Baton.AspNetCore;
using Microsoft.Extensions.Primitives;

namespace Baton.HeaderFuzz;

/// <summary>
/// Gives headers with callers' timeouts to the reader: it throws nothing, allocates nothing, and reads what a
/// second, plainer reading of the two grammars reads.
/// </summary>
internal sealed partial class HeaderFuzz(int seed)
{
    private const string Grpc = "grpc-timeout", Envoy = "x-envoy-expected-rq-timeout-ms";

    private static readonly Dictionary<char, BigInteger> s_nanoseconds = new()
    {
        ['n'] = 1,
        ['u'] = 1_000,
        ['m'] = 1_000_000,
        ['S'] = 1_000_000_000,
        ['M'] = 60_000_000_000,
        ['H'] = 3_600_000_000_000,
    };

    private readonly HeaderInputs _inputs = new(seed);
    private readonly CallerTimeoutReader _reader =
        new ServiceCollection().AddBaton().BuildServiceProvider().GetRequiredService<CallerTimeoutReader>();

    /// <summary>How many of the inputs had a time.</summary>
    internal long Usable { get; private set; }

    /// <summary>The first input for which the reader did anything else; null if there is none.</summary>
    internal string? Run(long count)
    {
        var http = new DefaultHttpContext();
        var headers = http.Request.Headers;
        StringValues[] eachWay = [StringValues.Empty, "1", "1S", "x", new(["", ""]), new string('x', 65)];
        foreach (var once in eachWay)
        {
            // What is allocated once: the tables behind, and what the runtime keeps of a call made first.
            headers[Grpc] = headers[Envoy] = once;
            _reader.Read(http);
        }

        for (var i = 0L; i < count; i++)
        {
            var (grpc, envoy) = (_inputs.Next(), _inputs.Next());
            (headers[Grpc], headers[Envoy]) = (grpc, envoy);
            var wanted = Shortest(Single(grpc) is { } one ? OfGrpc(one) : null,
                Single(envoy) is { } other ? OfEnvoy(other) : null);
            if (Check(http, wanted) is { } wrong)
            {
                return $"seed {seed}, input {i}: {Grpc}: '{grpc}', {Envoy}: '{envoy}': {wrong}";
            }

            Usable += wanted is null ? 0 : 1;
        }

        return null;
    }

    private string? Check(HttpContext http, TimeSpan? wanted)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan? read;
        try
        {
            read = _reader.Read(http);
        }
        catch (Exception e)
        {
            return e.ToString();
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return read != wanted ? $"read {read}, not {wanted}" : bytes > 0 ? $"allocated {bytes} bytes" : null;
    }

    private static string? Single(StringValues values) =>
        values.Count == 1 && values[0] is { Length: <= 64 } value ? value : null;

    private static TimeSpan? Shortest(TimeSpan? one, TimeSpan? other) =>
        one is null || other < one ? other : one;

    private static TimeSpan? OfGrpc(string value) => GrpcGrammar().IsMatch(value)
        ? TimeSpan.FromTicks((long)(
            BigInteger.Parse(value[..^1], CultureInfo.InvariantCulture) * s_nanoseconds[value[^1]] / 100))
        : null;

    private static TimeSpan? OfEnvoy(string value) =>
        Digits().IsMatch(value) && BigInteger.Parse(value, CultureInfo.InvariantCulture)
            * TimeSpan.TicksPerMillisecond is var ticks && ticks <= long.MaxValue
            ? TimeSpan.FromTicks((long)ticks)
            : null;

    [GeneratedRegex(@"^[0-9]{1,8}[HMSmun]\z")]
    private static partial Regex GrpcGrammar();

    [GeneratedRegex(@"^[0-9]+\z")]
    private static partial Regex Digits();
}
