using System.Net;
using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>
/// Which values of a context cross to other processes, under which names, and to and from which hosts.
/// </summary>
/// <remarks>
/// <para>
/// No value crosses by default: each key is registered with a name, and both <see cref="SendTo"/> and <see
/// cref="AcceptFrom"/> begin empty. Register one instance as a singleton, and the clients and servers of the
/// application find it.
/// </para>
/// <para>
/// At most <see cref="MaxEntries"/> values and <see cref="MaxBytes"/> of names and values cross with one
/// call. A value that does not fit is dropped whole, never cut, and counted by
/// <c>baton.propagation.dropped</c> of the meter <c>Baton</c>.
/// </para>
/// <para>
/// It is frozen at its first use, which is the first call of <c>Inject</c>, <c>Extract</c>, <see
/// cref="SendsTo"/> or <see cref="AcceptsFrom"/>: a later change throws an <see
/// cref="InvalidOperationException"/>. Otherwise some of the calls that run would cross with the change, and
/// others without.
/// </para>
/// <para>Threads: safe to use from any. Nothing to dispose.</para>
/// </remarks>
public sealed partial class ContextPropagation
{
    /// <summary>The most keys that can be registered: 64.</summary>
    public const int MaxEntries = 64;

    /// <summary>The most bytes of names and values that cross with one call: 8,192.</summary>
    public const int MaxBytes = 8192;

    private readonly Lock _gate = new();

    // These are written under the gate, and only before the freeze. The flag is written after them and is
    // volatile, so a thread that has seen the flag reads them without the gate.
    private PropagatedValue[] _values = [];
    private HostList _sendTo = new([]);
    private IPNetwork[] _acceptFrom = [];
    private int _maxValueBytes = 1024;

    private volatile bool _isFrozen;

    /// <summary>The hosts that are sent values. Empty by default: none.</summary>
    /// <value>
    /// <c>orders.internal</c>, with a port if only that port is meant, <c>*.internal</c> for every host below
    /// a domain, or <c>*</c> for every host.
    /// </value>
    /// <exception cref="ArgumentException">One of them is not a host.</exception>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="InvalidOperationException">This instance has been used.</exception>
    public IReadOnlyList<string> SendTo
    {
        get => _sendTo.Patterns;
        set
        {
            var hosts = new HostList(value);
            lock (_gate)
            {
                ThrowIfFrozen(nameof(SendTo));
                _sendTo = hosts;
            }
        }
    }

    /// <summary>The networks whose callers' values are believed. Empty by default: none.</summary>
    /// <value>
    /// Networks such as <c>IPNetwork.Parse("10.0.0.0/8")</c>. An IPv4 network includes its addresses as they
    /// are written in IPv6.
    /// </value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="InvalidOperationException">This instance has been used.</exception>
    public IReadOnlyList<IPNetwork> AcceptFrom
    {
        get => _acceptFrom;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            IPNetwork[] networks = [.. value];
            lock (_gate)
            {
                ThrowIfFrozen(nameof(AcceptFrom));
                _acceptFrom = networks;
            }
        }
    }

    /// <summary>The most bytes of one encoded value: 1,024 by default.</summary>
    /// <value>One to <see cref="MaxBytes"/>, both included.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less or more.</exception>
    /// <exception cref="InvalidOperationException">This instance has been used.</exception>
    public int MaxValueBytes
    {
        get => _maxValueBytes;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxBytes);
            lock (_gate)
            {
                ThrowIfFrozen(nameof(MaxValueBytes));
                _maxValueBytes = value;
            }
        }
    }

    /// <summary>Lets the values under a key cross in a header of their own.</summary>
    /// <param name="key">The key. A sensitive one is refused.</param>
    /// <param name="headerName">
    /// Letters and digits of ASCII, <c>-</c>, <c>_</c> and <c>.</c>. A name that has a meaning to HTTP, gRPC,
    /// tracing or a <see cref="DeadlineHeader"/> is refused. Upper and lower case are the same.
    /// </param>
    /// <param name="codec">Turns the values into text and back.</param>
    /// <returns>This instance.</returns>
    /// <exception cref="ArgumentException">
    /// The key is sensitive or registered already, or the name is not allowed or registered already.
    /// </exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="MaxEntries"/> are registered, or this instance has been used.
    /// </exception>
    public ContextPropagation Register<T>(ContextKey<T> key, string headerName, ContextCodec<T> codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        CheckKey(key);
        Add(
            new PropagatedValue<T>(PropagationNames.CheckedHeader(headerName), isBaggage: false, key, codec),
            nameof(key),
            nameof(headerName));
        return this;
    }

    /// <summary>Lets the values under a key cross as a member of the W3C header <c>baggage</c>.</summary>
    /// <remarks>
    /// The members that tracing puts there stay. Names are case-sensitive, as W3C has it.
    /// </remarks>
    /// <param name="key">The key. A sensitive one is refused.</param>
    /// <param name="memberName">Letters and digits of ASCII, <c>-</c>, <c>_</c> and <c>.</c>.</param>
    /// <param name="codec">Turns the values into text and back.</param>
    /// <returns>This instance.</returns>
    /// <exception cref="ArgumentException">
    /// The key is sensitive or registered already, or the name is not allowed or registered already.
    /// </exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="MaxEntries"/> are registered, or this instance has been used.
    /// </exception>
    public ContextPropagation RegisterBaggage<T>(ContextKey<T> key, string memberName, ContextCodec<T> codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        CheckKey(key);
        Add(
            new PropagatedValue<T>(PropagationNames.CheckedMember(memberName), isBaggage: true, key, codec),
            nameof(key),
            nameof(memberName));
        return this;
    }

    /// <summary>Whether values are sent to the host of an address: <see cref="SendTo"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is null.</exception>
    public bool SendsTo(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Freeze();
        return _sendTo.Contains(address);
    }

    /// <summary>
    /// Whether a caller's values are believed: <see cref="AcceptFrom"/>. Those of a caller without an
    /// address, null, never are.
    /// </summary>
    public bool AcceptsFrom(IPAddress? caller)
    {
        Freeze();
        if (caller is null)
        {
            return false;
        }

        var address = caller.IsIPv4MappedToIPv6 ? caller.MapToIPv4() : caller;
        return Array.Exists(_acceptFrom, network => network.Contains(address));
    }

    private static void CheckKey<T>(
        ContextKey<T> key, [CallerArgumentExpression(nameof(key))] string? argument = null)
    {
        ArgumentNullException.ThrowIfNull(key, argument);
        if (key.IsSensitive)
        {
            throw new ArgumentException(
                $"A sensitive key never leaves the process: '{key.Name}'. Let what is not secret cross under a key of its own.",
                argument);
        }
    }

    /// <summary>
    /// Closes this instance to changes. Waits for a change that holds the gate: without that, this use would
    /// go without the change, and the next one with it.
    /// </summary>
    private void Freeze()
    {
        if (!_isFrozen)
        {
            lock (_gate)
            {
                _isFrozen = true;
            }
        }
    }

    private void ThrowIfFrozen(string change)
    {
        if (_isFrozen)
        {
            throw new InvalidOperationException(
                $"A ContextPropagation that has been used does not change, and {change} would. Set it up before the first call, "
                + "or make another instance.");
        }
    }

    private void Add(PropagatedValue value, string keyArgument, string nameArgument)
    {
        lock (_gate)
        {
            ThrowIfFrozen($"the registration of '{value.Name}'");
            if (_values.Length == MaxEntries)
            {
                throw new InvalidOperationException(
                    $"At most {MaxEntries} values cross: '{value.Name}' is one more. Let several cross as one, with a codec.");
            }

            if (Array.Exists(_values, other => other.Key == value.Key))
            {
                throw new ArgumentException(
                    $"The key '{value.Key}' is registered already. Register each key once.", keyArgument);
            }

            if (Array.Exists(
                _values, other => other.Name == value.Name && other.IsBaggage == value.IsBaggage))
            {
                throw new ArgumentException(
                    $"'{value.Name}' is the name of another key. Give each key its own.", nameArgument);
            }

            _values = [.. _values, value];
        }
    }
}
