using System.Diagnostics.Metrics;

namespace Baton;

/// <summary>Counts the values that were dropped on their way out or in.</summary>
internal static class PropagationMeter
{
    private static readonly Counter<long> s_dropped = BatonMeter.Instance.CreateCounter<long>(
        "baton.propagation.dropped", "{value}", "Values that were left out of a request, or ignored in one.");

    /// <summary>Counts a value that was dropped.</summary>
    /// <param name="value">The value.</param>
    /// <param name="direction"><c>out</c> or <c>in</c>.</param>
    /// <param name="why"><c>too_long</c>, <c>too_many_bytes</c> or <c>malformed</c>.</param>
    internal static void Dropped(PropagatedValue value, string direction, string why) => s_dropped.Add(
        1,
        new KeyValuePair<string, object?>("baton.value", value.Name),
        new KeyValuePair<string, object?>("baton.direction", direction),
        new KeyValuePair<string, object?>("error.type", why));
}
