namespace Baton.Data;

/// <summary>How much of a context's time the statements of a data source may take.</summary>
/// <remarks>Read when <c>WithBaton</c> or <c>AddBaton</c> is called; a later change has no effect.</remarks>
public sealed class BatonDataOptions
{
    /// <summary>
    /// The time kept back for the work after a statement: the server's limit is that much shorter. Zero by
    /// default.
    /// </summary>
    /// <value>Zero or more. A statement is not sent if no more than this remains.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan Reserve
    {
        get;
        set => field = ZeroOrMore(value, nameof(Reserve));
    }

    /// <summary>
    /// The least time that is worth a statement, in addition to <see cref="Reserve"/>. Zero by default.
    /// </summary>
    /// <value>
    /// Zero or more. With less remaining than the two together, a statement is not sent. Exactly that much is
    /// enough.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MinRemaining
    {
        get;
        set => field = ZeroOrMore(value, nameof(MinRemaining));
    }

    /// <summary>
    /// Gives the context of a statement that was given none: a synchronous call, or a call whose token is not
    /// a context's. Null, the default: such a statement has no context.
    /// </summary>
    /// <remarks>
    /// With Entity Framework Core, null means the accessor that the application has registered, if any:
    /// <c>services.AddBaton()</c> of Baton.AspNetCore registers the current request's.
    /// </remarks>
    public IContextAccessor? ContextAccessor { get; set; }

    private static TimeSpan ZeroOrMore(TimeSpan value, string name) => value >= TimeSpan.Zero
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(value), value, $"{name} is zero or more. For none, leave it at TimeSpan.Zero.");
}
