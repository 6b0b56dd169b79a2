using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace Baton.Tests;

/// <summary>The table of a meter in docs/observability.md, and the instruments that there are.</summary>
internal static partial class MeterTable
{
    /// <summary>The rows of the document: name, instrument and unit.</summary>
    internal static string[] Rows(string meter) => [.. Repository.Lines("docs/observability.md")
        .SkipWhile(line => line != $"### Meter `{meter}`").Skip(1)
        .TakeWhile(static line => !line.StartsWith('#'))
        .Select(static line => Row().Match(line)).Where(static row => row.Success)
        .Select(static row => row.Groups[1].Value).Order()];

    /// <summary>The same of the instruments that exist now.</summary>
    internal static string[] Instruments(string meter)
    {
        var found = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == meter)
                {
                    lock (found)
                    {
                        found.Add($"`{instrument.Name}` | {Kind(instrument)} | `{instrument.Unit}`");
                    }
                }
            },
        };
        listener.Start();

        // Tests beside this one make instruments of that name too, and go on doing so.
        lock (found)
        {
            return [.. found.Order()];
        }
    }

    private static string Kind(Instrument instrument) => instrument switch
    {
        Histogram<double> => "histogram",
        Counter<long> => "counter",
        ObservableUpDownCounter<int> => "observable up-down counter",
        _ => instrument.GetType().Name,
    };

    [GeneratedRegex(@"^\| (`baton\.[^|]+ \| [^|]+ \| `[^|]+`) \|")]
    private static partial Regex Row();
}
