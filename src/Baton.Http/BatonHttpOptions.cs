namespace Baton.Http;

/// <summary>What a client tells the services it calls about a call's context.</summary>
/// <remarks>
/// Read when a <see cref="BatonHandler"/> is made; later changes do not reach that handler.
/// </remarks>
public sealed class BatonHttpOptions
{
    private string[]? _deadlineHosts;
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
    /// <remarks>
    /// A retry or hedge also needs as much time as the last attempt took whose response was a failure that may
    /// pass: 408, 429, or 500 and more. An attempt that was cut says nothing about how long one takes, and a
    /// send that follows another response is no retry.
    /// </remarks>
    /// <value>Zero or more. With less than that left, no attempt and no retry is made.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MinRemaining
    {
        get;
        set => field = ZeroOrMore(value, nameof(MinRemaining));
    }

    /// <summary>The hosts that are told how much time is left. Null, the default: all.</summary>
    /// <remarks>
    /// They are named as the application names them: <c>orders</c> for <c>http://orders/7</c>, whatever service
    /// discovery makes of it. A redirect to another host is judged by the name of that host.
    /// </remarks>
    /// <value>
    /// <c>orders.internal</c>, with a port if only that port is meant, <c>*.internal</c> for every host below
    /// a domain, or <c>*</c> for all. An empty list: none.
    /// </value>
    /// <exception cref="ArgumentException">One of them is not a host.</exception>
    public IReadOnlyList<string>? DeadlineHosts
    {
        get => _deadlineHosts;
        set
        {
            Hosts = value is null ? null : new HostList(value);
            _deadlineHosts = value is null ? null : [.. value];
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

    /// <summary><see cref="DeadlineHosts"/>; null for every host.</summary>
    internal HostList? Hosts { get; private set; }

    private static TimeSpan ZeroOrMore(TimeSpan value, string name) => value >= TimeSpan.Zero
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(value), value, $"{name} is zero or more. For none, leave it at TimeSpan.Zero.");
}
