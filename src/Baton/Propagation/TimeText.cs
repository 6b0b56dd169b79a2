using System.Globalization;

namespace Baton;

/// <summary>Times as numbers of seconds or milliseconds, in the ASCII digits of a header.</summary>
/// <remarks>Every text is rounded down to its unit, and holds at least one unit.</remarks>
internal static class TimeText
{
    private const int TickDigits = 7;

    /// <summary>Whole milliseconds: from one to <paramref name="most"/>.</summary>
    internal static string Milliseconds(TimeSpan time, long most) =>
        Text(Math.Clamp(time.Ticks / TimeSpan.TicksPerMillisecond, 1, most));

    /// <summary>Whole seconds: one or more.</summary>
    internal static string Seconds(TimeSpan time) => Text(Math.Max(1, time.Ticks / TimeSpan.TicksPerSecond));

    /// <summary>Seconds with as many decimals as the milliseconds need: 0.001 or more.</summary>
    internal static string DecimalSeconds(TimeSpan time)
    {
        var milliseconds = (decimal)Math.Max(1, time.Ticks / TimeSpan.TicksPerMillisecond);
        return (milliseconds / 1000).ToString("0.###", CultureInfo.InvariantCulture);
    }

    internal static TimeSpan? ParseMilliseconds(ReadOnlySpan<char> text) =>
        Parse(text, TimeSpan.TicksPerMillisecond);

    internal static TimeSpan? ParseSeconds(ReadOnlySpan<char> text) => Parse(text, TimeSpan.TicksPerSecond);

    /// <summary>
    /// Reads digits, or digits around one point. Decimals below a tick are passed over, because rounding up
    /// would give more time than there is.
    /// </summary>
    internal static TimeSpan? ParseDecimalSeconds(ReadOnlySpan<char> text)
    {
        var point = text.IndexOf('.');
        if (point < 0)
        {
            return ParseSeconds(text);
        }

        var decimals = text[(point + 1)..];
        if (!AreDigits(decimals) || ParseSeconds(text[..point]) is not { } whole)
        {
            return null;
        }

        var ticks = 0L;
        for (var i = 0; i < TickDigits; i++)
        {
            ticks = (ticks * 10) + (i < decimals.Length ? decimals[i] - '0' : 0);
        }

        return whole.Ticks <= TimeSpan.MaxValue.Ticks - ticks ? new TimeSpan(whole.Ticks + ticks) : null;
    }

    /// <summary>
    /// Reads digits only. A general parser also takes signs, white space and, at the end, NULs.
    /// </summary>
    private static TimeSpan? Parse(ReadOnlySpan<char> text, long unit) =>
        AreDigits(text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count <= TimeSpan.MaxValue.Ticks / unit
            ? new TimeSpan(count * unit)
            : null;

    /// <summary>
    /// Looks at each character, without <c>ContainsAnyExceptInRange</c>: that method allocates with each call
    /// until the runtime has optimized it.
    /// </summary>
    private static bool AreDigits(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
