using System.Buffers;
using System.Globalization;

namespace Baton.AspNetCore;

/// <summary>The request headers in which callers say how long they will wait.</summary>
internal static class CallerTimeouts
{
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    internal static Dictionary<string, Func<string, TimeSpan?>> BuiltIn() =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            [WireNames.GrpcTimeout] = static value => GrpcTimeout.TryParse(value, out var time) ? time : null,
            [WireNames.EnvoyExpectedTimeout] = Milliseconds,
        };

    internal static bool IsHeaderName(string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(s_nameCharacters);

    /// <summary>
    /// Digits only: no sign, no white space, no group separators, nor the NULs at the end that .NET passes
    /// over.
    /// </summary>
    private static TimeSpan? Milliseconds(string value) =>
        !value.EndsWith('\0')
        && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond
            ? TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond)
            : null;
}
