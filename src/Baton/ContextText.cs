using System.Globalization;
using System.Text;

namespace Baton;

/// <summary>The text form of a context.</summary>
internal static class ContextText
{
    /// <summary>
    /// The whole chain, root first. It takes no lock, so that a debugger may call it at any time.
    /// </summary>
    internal static string Of(Context ctx)
    {
        var chain = new Stack<Context>();
        for (var step = ctx; step is not null; step = step.Parent)
        {
            chain.Push(step);
        }

        var text = new StringBuilder();
        foreach (var step in chain)
        {
            step.AppendTo(text);
        }

        return text.ToString();
    }

    /// <summary>As Go prints a duration, to a tenth of a millisecond: 1h0m1.5s, 1.9s, 20ms, 0s.</summary>
    internal static string Duration(long ticks)
    {
        var sign = ticks < 0 ? "-" : "";
        var rounded = ticks / 1000 * 1000;
        var span = new TimeSpan(rounded == long.MinValue ? long.MaxValue : Math.Abs(rounded));
        if (span == TimeSpan.Zero)
        {
            return "0s";
        }

        if (span < TimeSpan.FromSeconds(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{span.TotalMilliseconds:0.#}ms");
        }

        var hours = (long)span.TotalHours;
        var seconds = (span.Ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond;
        var head = hours > 0 ? $"{hours}h{span.Minutes}m" : span.Minutes > 0 ? $"{span.Minutes}m" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{head}{seconds:0.####}s");
    }
}
