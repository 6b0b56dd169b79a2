using System.Globalization;

namespace Baton;

/// <summary>
/// The value of the header <c>grpc-timeout</c>: one to eight digits and a unit, as gRPC's wire format has it.
/// </summary>
internal static class GrpcTimeout
{
    private const int MostDigits = 8;
    private const long Most = 99_999_999;

    // The largest unit comes first: hours, minutes, seconds, milliseconds, microseconds. Nanoseconds are
    // apart, because a tick is a hundred of them.
    private static readonly (char Unit, long Ticks)[] s_units =
    [
        ('H', TimeSpan.TicksPerHour),
        ('M', TimeSpan.TicksPerMinute),
        ('S', TimeSpan.TicksPerSecond),
        ('m', TimeSpan.TicksPerMillisecond),
        ('u', TimeSpan.TicksPerMicrosecond),
    ];

    /// <summary>
    /// The time in the largest unit that loses less than one part in a hundred. It is rounded down, so that
    /// no service is given more time than there is, and never to nothing. A time that is longer than the
    /// grammar can say is cut to that.
    /// </summary>
    /// <param name="time">More than zero.</param>
    internal static string Format(TimeSpan time)
    {
        foreach (var (unit, ticks) in s_units)
        {
            var count = time.Ticks / ticks;
            if (count is > 0 and <= Most && time.Ticks % ticks < time.Ticks / 100.0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }

        return time.Ticks < TimeSpan.TicksPerMillisecond
            ? string.Create(CultureInfo.InvariantCulture, $"{time.Ticks * TimeSpan.NanosecondsPerTick}n")
            : string.Create(CultureInfo.InvariantCulture, $"{Most}H");
    }

    /// <summary>Reads a value. False for a text that the grammar does not allow.</summary>
    /// <param name="text">The header's value, without white space around it.</param>
    /// <param name="time">
    /// Zero or more, rounded down to a tick. The longest value is eleven thousand years.
    /// </param>
    internal static bool TryParse(ReadOnlySpan<char> text, out TimeSpan time)
    {
        time = default;
        if (text.Length is < 2 or > MostDigits + 1)
        {
            return false;
        }

        var count = 0L;
        foreach (var digit in text[..^1])
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            count = (count * 10) + (digit - '0');
        }

        if (text[^1] == 'n')
        {
            time = TimeSpan.FromTicks(count / TimeSpan.NanosecondsPerTick);
            return true;
        }

        foreach (var (unit, ticks) in s_units)
        {
            if (unit == text[^1])
            {
                time = TimeSpan.FromTicks(count * ticks);
                return true;
            }
        }

        return false;
    }
}
