using System.Globalization;

namespace Baton;

/// <summary>
/// Why a call was refused before it began: less of its context's time remained than the call needs.
/// </summary>
/// <remarks>
/// The inner exception of the <see cref="DeadlineExceededException"/> that
/// <see cref="Context.ThrowIfRemainingLessThan"/> throws. The context itself may still be live: the time that
/// remains may be enough for a shorter call.
/// </remarks>
public sealed class InsufficientTimeException : Exception
{
    /// <summary>Makes one by hand, for a fake that throws what a context would throw.</summary>
    /// <param name="needed">What <see cref="Needed"/> gives.</param>
    /// <param name="remaining">What <see cref="Remaining"/> gives.</param>
    public InsufficientTimeException(TimeSpan needed, TimeSpan remaining)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"the call needs {needed.TotalMilliseconds:0.###} ms and {remaining.TotalMilliseconds:0.###} ms remain, so it was not made"))
    {
        (Needed, Remaining) = (needed, remaining);
    }

    /// <summary>How much time the call needs.</summary>
    public TimeSpan Needed { get; }

    /// <summary>How much of the context's time remained. Zero or more, less than <see cref="Needed"/>.</summary>
    public TimeSpan Remaining { get; }
}
