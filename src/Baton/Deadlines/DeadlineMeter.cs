using System.Diagnostics.Metrics;

namespace Baton;

/// <summary>Measures deadlines: how late they end their contexts, and how many wait.</summary>
internal static class DeadlineMeter
{
    private static readonly Histogram<double> s_lateness = BatonMeter.Instance.CreateHistogram(
        "baton.deadline.lateness",
        "s",
        "How long after its deadline a context was ended.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = BatonMeter.Seconds });

    static DeadlineMeter() => BatonMeter.Instance.CreateObservableUpDownCounter(
        "baton.deadline.live",
        static () => DeadlineQueue.System.Count,
        "{deadline}",
        "Deadlines on the system's clock that wait.");

    /// <summary>Makes the instruments, so that a listener finds them before the first deadline passes.</summary>
    internal static void Start()
    {
    }

    /// <summary>
    /// Measures the deadlines that have just ended their contexts. Call it after the contexts have ended: a
    /// listener is a caller's code, and a slow one would keep them alive.
    /// </summary>
    internal static void Passed(List<DeadlineContext> ended, long now)
    {
        if (!s_lateness.Enabled)
        {
            return;
        }

        try
        {
            foreach (var ctx in ended)
            {
                s_lateness.Record(new TimeSpan(Math.Max(0, now - ctx.DueTicks)).TotalSeconds);
            }
        }
        catch (Exception e)
        {
            // The thread is the timer's: an exception here would end the process. This one becomes an
            // unobserved task exception, as that of a callback does.
            _ = Task.FromException(e);
        }
    }
}
