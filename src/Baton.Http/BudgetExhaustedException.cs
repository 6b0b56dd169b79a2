using System.Globalization;

namespace Baton.Http;

/// <summary>
/// The cause of a <see cref="DeadlineExceededException"/> for a call that was not made, because too little of
/// its context's time was left.
/// </summary>
/// <remarks>The context itself may still be live: there may be time for something shorter.</remarks>
public sealed class BudgetExhaustedException : Exception
{
    internal BudgetExhaustedException(TimeSpan remaining, TimeSpan needed)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"the call was not made: {remaining.TotalMilliseconds:0.###} ms left of {needed.TotalMilliseconds:0.###} ms that it needs"))
    {
        (Remaining, Needed) = (remaining, needed);
    }

    /// <summary>What was left of the context's time.</summary>
    public TimeSpan Remaining { get; }

    /// <summary>
    /// What had to be left: <see cref="BatonHttpOptions.Reserve"/> and
    /// <see cref="BatonHttpOptions.MinBudget"/>, or the time that the last attempt took.
    /// </summary>
    public TimeSpan Needed { get; }
}
