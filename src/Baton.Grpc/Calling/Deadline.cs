using Grpc.Core;

namespace Baton.Grpc;

/// <summary>The time that a context has left, as the deadline of a call.</summary>
internal static class Deadline
{
    /// <summary>
    /// The options with a deadline after <paramref name="left"/>, unless they have an earlier one.
    /// </summary>
    /// <remarks>
    /// gRPC's client keeps deadlines by the system's clock, whatever clock the context is on.
    /// </remarks>
    internal static CallOptions Shorten(CallOptions options, TimeSpan left)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        if (left == Timeout.InfiniteTimeSpan || left >= DateTime.MaxValue - now)
        {
            return options;
        }

        // A deadline of the caller's that is not in universal time stays: gRPC refuses it with a message of
        // its own.
        var deadline = now + RoundDown(left);
        return options.Deadline is { Kind: not DateTimeKind.Utc } foreign && foreign != DateTime.MaxValue
            || options.Deadline <= deadline
            ? options
            : options.WithDeadline(deadline);
    }

    /// <summary>The time that gRPC's client sends without rounding it up.</summary>
    /// <remarks>
    /// gRPC's client writes three significant digits of milliseconds or, from a thousand on, seconds. It
    /// rounds up, so the service would be told more time than remains. A time that is a whole number of those
    /// units it sends unchanged.
    /// </remarks>
    internal static TimeSpan RoundDown(TimeSpan left)
    {
        var unit = left.TotalSeconds switch
        {
            < 1 => 1,
            < 10 => 10,
            < 100 => 100,
            _ => 1000,
        };
        var ticks = unit * TimeSpan.TicksPerMillisecond;
        return TimeSpan.FromTicks(left.Ticks / ticks * ticks);
    }
}
