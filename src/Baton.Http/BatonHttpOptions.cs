namespace Baton.Http;

/// <summary>What a client tells the services it calls about a call's context.</summary>
/// <remarks>
/// Read when a <see cref="BatonHandler"/> is made; later changes do not reach that one.
/// </remarks>
public sealed class BatonHttpOptions
{
    private string[]? _sendTo;
    private DeadlineHeader _header = DeadlineHeader.GrpcTimeout;

    /// <summary>
    /// The time kept back for the response's way home: that much less is sent. Zero by default.
    /// </summary>
    /// <remarks>
    /// With a reserve of about one round trip the service that is called gives up a little before its caller
    /// does, and its own response about that still arrives.
    /// </remarks>
    /// <value>Zero or more. A call with no more than that left is not made.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan Reserve
    {
        get;
        set => field = ZeroOrMore(value, nameof(Reserve));
    }

    /// <summary>The least time worth a call, after <see cref="Reserve"/>. Zero by default.</summary>
    /// <value>Zero or more. With less than that left, no attempt and no retry is made.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MinRemaining
    {
        get;
        set => field = ZeroOrMore(value, nameof(MinRemaining));
    }

    /// <summary>The hosts that are told how much time is left. Null, the default: all.</summary>
    /// <value>
    /// <c>orders.internal</c>, with a port if only that one is meant, <c>*.internal</c> for every host below
    /// a domain, or <c>*</c> for all. An empty list: none.
    /// </value>
    /// <exception cref="ArgumentException">One of them is not a host.</exception>
    public IReadOnlyList<string>? SendTo
    {
        get => _sendTo;
        set
        {
            Hosts = value is null ? null : new HostList(value);
            _sendTo = value is null ? null : [.. value];
        }
    }

    /// <summary>
    /// The header that the time goes out in: <see cref="DeadlineHeader.GrpcTimeout"/> by default.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public DeadlineHeader Header
    {
        get => _header;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _header = value;
        }
    }

    /// <summary>
    /// The values that go along. Null: those that the application has registered as a singleton, if any.
    /// </summary>
    public ContextPropagation? Propagation { get; set; }

    /// <summary>
    /// Where the context of a call comes from that was given none. Null: what the application has registered,
    /// which is the current request's, if it has called <c>AddBaton()</c> on its services.
    /// </summary>
    public IContextAccessor? ContextAccessor { get; set; }

    /// <summary><see cref="SendTo"/>; null for every host.</summary>
    internal HostList? Hosts { get; private set; }

    private static TimeSpan ZeroOrMore(TimeSpan value, string name) => value >= TimeSpan.Zero
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(value), value, $"{name} is zero or more. For none, leave it at TimeSpan.Zero.");
}
