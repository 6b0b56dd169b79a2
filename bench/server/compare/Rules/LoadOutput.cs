using System.Globalization;
using System.Text.RegularExpressions;

namespace Baton.ServerBench;

/// <summary>What wrk and h2load print.</summary>
/// <param name="Requests">The answers that came.</param>
/// <param name="PerSecond">The same, a second.</param>
internal sealed partial record LoadOutput(long Requests, double PerSecond)
{
    /// <exception cref="InvalidOperationException">A request failed, or the text is another one.</exception>
    internal static LoadOutput ParseWrk(string text)
    {
        if (WrkErrors().Match(text) is { Success: true } error)
        {
            throw new InvalidOperationException($"wrk saw errors: {error.Value}");
        }

        return new LoadOutput((long)Figure(WrkRequests(), text), Figure(WrkRate(), text));
    }

    /// <exception cref="InvalidOperationException">A request failed, or the text is another one.</exception>
    internal static LoadOutput ParseH2Load(string text)
    {
        if (H2LoadErrors().Match(text) is { Success: true } error)
        {
            throw new InvalidOperationException($"h2load saw errors: {error.Value}");
        }

        return new LoadOutput((long)Figure(H2LoadSucceeded(), text), Figure(H2LoadRate(), text));
    }

    private static double Figure(Regex pattern, string text) => pattern.Match(text) is { Success: true } match
        ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException($"No '{pattern}' in what was printed: {text}");

    [GeneratedRegex(@"^\s*(\d+) requests in ", RegexOptions.Multiline)]
    private static partial Regex WrkRequests();

    [GeneratedRegex(@"^Requests/sec:\s+([\d.]+)", RegexOptions.Multiline)]
    private static partial Regex WrkRate();

    [GeneratedRegex(@"^\s*(Socket errors|Non-2xx or 3xx responses):.*", RegexOptions.Multiline)]
    private static partial Regex WrkErrors();

    [GeneratedRegex(@"^finished in .*?, ([\d.]+) req/s", RegexOptions.Multiline)]
    private static partial Regex H2LoadRate();

    [GeneratedRegex(@"^requests: .* (\d+) succeeded", RegexOptions.Multiline)]
    private static partial Regex H2LoadSucceeded();

    [GeneratedRegex(@"^requests: .* succeeded, (?!0 failed, 0 errored, 0 timeout).*", RegexOptions.Multiline)]
    private static partial Regex H2LoadErrors();
}
