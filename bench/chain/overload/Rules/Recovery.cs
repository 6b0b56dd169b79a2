namespace Baton.Overload;

/// <summary>How long it takes after a stall until requests are answered as before.</summary>
internal static class Recovery
{
    /// <summary>The part of requests that is answered when all is well.</summary>
    private const double Well = 0.9;

    private const double Window = 0.25;

    /// <summary>
    /// The seconds from the stall's end until the end of the last window in which not enough of the requests
    /// sent got a good answer. Zero if all windows after it are well.
    /// </summary>
    /// <param name="asked">All requests.</param>
    /// <param name="stallEnd">When the stall was over, in seconds since the first request.</param>
    internal static double After(IEnumerable<Asked> asked, double stallEnd) => asked
        .Where(one => one.Sent >= stallEnd)
        .GroupBy(one => (int)((one.Sent - stallEnd) / Window))
        .Where(static window => window.Count(static one => one.Took is not null) < Well * window.Count())
        .Select(static window => (window.Key + 1) * Window)
        .DefaultIfEmpty(0)
        .Max();
}
