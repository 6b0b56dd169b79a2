namespace Baton.Orleans;

/// <summary>What grain calls tell the grain about their context.</summary>
/// <remarks>Read when the silo or the client starts; later changes have no effect.</remarks>
public sealed class BatonOrleansOptions
{
    /// <summary>
    /// The time kept back for the response's way home: the grain is given that much less. Zero by default.
    /// </summary>
    /// <value>Zero or more. A call with no more than that left is not made.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan Reserve
    {
        get;
        set => field = ZeroOrMore(value, nameof(Reserve));
    }

    /// <summary>The least time worth a call, after <see cref="Reserve"/>. Zero by default.</summary>
    /// <value>
    /// Zero or more. With less than that left, the call is refused with a
    /// <see cref="DeadlineExceededException"/> that holds an <see cref="InsufficientTimeException"/>.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MinRemaining
    {
        get;
        set => field = ZeroOrMore(value, nameof(MinRemaining));
    }

    /// <summary>
    /// The longest deadline that Orleans' response timeout leaves alone. One hour by default.
    /// </summary>
    /// <remarks>
    /// Orleans has one response timeout for all calls, 30 seconds by default, and it would end a call whose
    /// context has longer. Baton raises it to this value, and applies the timeout that you configured to the
    /// calls whose context has no deadline. A method with a <c>[ResponseTimeout]</c> of its own keeps it.
    /// </remarks>
    /// <value>More than zero.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan MaxTimeout
    {
        get;
        set => field = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(MaxTimeout)} is more than zero.");
    } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long calls may go on after their silo was told to stop. Zero by default: they end at once.
    /// </summary>
    /// <value>Zero or more. Orleans' own limit for a stop applies too.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan ShutdownGrace
    {
        get;
        set => field = ZeroOrMore(value, nameof(ShutdownGrace));
    }

    /// <summary>
    /// The values that go along. Null: those that the application has registered as a singleton, if any.
    /// </summary>
    public ContextPropagation? Propagation { get; set; }

    private static TimeSpan ZeroOrMore(TimeSpan value, string name) => value >= TimeSpan.Zero
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(value), value, $"{name} is zero or more. For none, leave it at TimeSpan.Zero.");
}
