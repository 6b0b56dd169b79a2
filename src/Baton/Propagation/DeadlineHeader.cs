namespace Baton;

/// <summary>
/// A request header that says how much time the caller still has, and how the time is written and read.
/// </summary>
/// <remarks>
/// <para>
/// A client writes the header with <see cref="Format"/>, and a server reads it with <see cref="TryParse"/>.
/// Only a duration is on the wire, never an instant: otherwise clocks that differ would change the deadline.
/// </para>
/// <para>
/// The ready ones round down to the unit of their header, so that no service is given more time than there
/// is. The exception: they write less than one unit as one unit, because zero means no limit to some
/// receivers, and no time at all to others.
/// </para>
/// <para>Threads: safe to use from any.</para>
/// </remarks>
public sealed class DeadlineHeader
{
    /// <summary>
    /// The response header that says whose deadline ended the request: <c>Baton-Deadline-Exceeded</c>.
    /// </summary>
    /// <remarks>
    /// A server writes it with the value <see cref="ExceededByCaller"/> if the deadline that the caller gave
    /// has passed. By it, the caller tells that from a timeout of the server's own.
    /// </remarks>
    public const string ExceededName = "Baton-Deadline-Exceeded";

    /// <summary>The value of <see cref="ExceededName"/> for the caller's deadline: <c>caller</c>.</summary>
    public const string ExceededByCaller = "caller";

    /// <summary>The longest text of a time, in characters.</summary>
    private const int MaxTimeLength = 64;

    /// <summary>The longest list of preferences that is searched for a time, in characters.</summary>
    private const int MaxListLength = 1024;

    /// <summary>The most milliseconds that a <c>time.Duration</c> of Go can hold: 292 years.</summary>
    private const long MaxGoMilliseconds = long.MaxValue / 1_000_000;

    private const long MaxTenDigits = 9_999_999_999;

    private readonly Func<TimeSpan, string> _format;
    private readonly Func<string, TimeSpan?> _parse;

    /// <summary>
    /// Finds the text that holds the time in a header that holds other things as well. Null: it holds only
    /// the time.
    /// </summary>
    private readonly Func<string, string?>? _find;

    /// <summary>A header of your own.</summary>
    /// <param name="name">
    /// The header's name, in any case: a token of RFC 9110, and not the name of a header about a body.
    /// </param>
    /// <param name="format">
    /// Writes a time, more than zero, as 1 to 64 characters of visible ASCII. Round down: otherwise the
    /// service is given more time than there is. Called from any thread.
    /// </param>
    /// <param name="parse">
    /// Reads a time, zero or more; null if the text says none. The text has at most 64 characters and comes
    /// from another process, so it may be anything; an exception counts as null. Called from any thread.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not such a name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public DeadlineHeader(string name, Func<TimeSpan, string> format, Func<string, TimeSpan?> parse)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(parse);
        (Name, _format, _parse) = (WireNames.CheckedRequestHeader(name), format, parse);
    }

    private DeadlineHeader(
        string name,
        Func<TimeSpan, string> format,
        Func<string, TimeSpan?> parse,
        Func<string, string?> find)
        : this(name, format, parse) => _find = find;

    /// <summary>gRPC's header: one to eight digits and a unit, as <c>grpc-timeout: 1500m</c>.</summary>
    /// <remarks>
    /// Writes the largest unit that loses less than one part in a hundred: hours, minutes, seconds,
    /// milliseconds, microseconds, or nanoseconds for less than a millisecond. Zero is read as no time left.
    /// A time of more than 99,999,999 hours is cut to that.
    /// </remarks>
    public static DeadlineHeader GrpcTimeout { get; } = new(
        "grpc-timeout",
        Baton.GrpcTimeout.Format,
        static text => Baton.GrpcTimeout.TryParse(text, out var time) ? time : null);

    /// <summary>Envoy's header: whole milliseconds, as <c>x-envoy-expected-rq-timeout-ms: 1500</c>.</summary>
    /// <remarks>Less than one millisecond is written as one. Zero is read as no time left.</remarks>
    public static DeadlineHeader EnvoyExpectedTimeout { get; } = new(
        "x-envoy-expected-rq-timeout-ms",
        static time => TimeText.Milliseconds(time, long.MaxValue),
        static text => TimeText.ParseMilliseconds(text));

    /// <summary>
    /// The header of the Connect protocol: whole milliseconds in at most ten digits, as
    /// <c>Connect-Timeout-Ms: 1500</c>.
    /// </summary>
    /// <remarks>
    /// Less than one millisecond is written as one. More than 9,999,999,999 milliseconds, about 115 days, are
    /// cut to that, and more digits are not read. Zero is read as no time left.
    /// </remarks>
    public static DeadlineHeader ConnectTimeoutMs { get; } = new(
        "Connect-Timeout-Ms",
        static time => TimeText.Milliseconds(time, MaxTenDigits),
        static text => text.Length <= 10 ? TimeText.ParseMilliseconds(text) : null);

    /// <summary>
    /// The preference <c>wait</c> of RFC 7240: whole seconds, as <c>Prefer: wait=10</c>.
    /// </summary>
    /// <remarks>
    /// Less than one second is written as one. The header may hold other preferences, in up to 1,024
    /// characters altogether: they are passed over, and of several <c>wait</c> the first counts, as the RFC
    /// has it. <c>wait=0</c> asks for what is there already, which is no deadline, and is not read. A client
    /// that sets <c>Prefer</c> itself writes its own <c>wait</c>.
    /// </remarks>
    public static DeadlineHeader PreferWait { get; } = new(
        "Prefer",
        static time => "wait=" + TimeText.Seconds(time),
        static text => TimeText.ParseSeconds(text) is { Ticks: > 0 } time ? time : null,
        static list => PreferenceText.Find(list, "wait"));

    /// <summary>
    /// The header of the Internet draft <c>draft-thomson-hybi-http-timeout</c>: whole seconds, as
    /// <c>Request-Timeout: 10</c>.
    /// </summary>
    /// <remarks>
    /// Less than one second is written as one. Zero is read as no time left. The draft has expired, so a
    /// service may read a header of this name by rules of its own: for that, make a header of your own.
    /// </remarks>
    public static DeadlineHeader RequestTimeout { get; } = new(
        "Request-Timeout",
        TimeText.Seconds,
        static text => TimeText.ParseSeconds(text));

    /// <summary>
    /// The header of Google's APIs: seconds, with a fraction if need be, as <c>X-Server-Timeout: 1.5</c>.
    /// </summary>
    /// <remarks>
    /// Writes up to three decimals. Less than one millisecond is written as 0.001. Zero is read as no time
    /// left.
    /// </remarks>
    public static DeadlineHeader ServerTimeout { get; } = new(
        "X-Server-Timeout",
        TimeText.DecimalSeconds,
        static text => TimeText.ParseDecimalSeconds(text));

    /// <summary>
    /// The header that the SDKs of OpenAI, Anthropic and others write, which Stainless generates: seconds,
    /// with a fraction if need be, as <c>x-stainless-timeout: 600</c>.
    /// </summary>
    /// <remarks>
    /// Writes up to three decimals. Less than one millisecond is written as 0.001. Zero is not read: the SDKs
    /// write it for a timeout of less than a second.
    /// </remarks>
    public static DeadlineHeader StainlessTimeout { get; } = new(
        "x-stainless-timeout",
        TimeText.DecimalSeconds,
        static text => TimeText.ParseDecimalSeconds(text) is { Ticks: > 0 } time ? time : null);

    /// <summary>YARPC's header: whole milliseconds, as <c>Context-TTL-MS: 1500</c>.</summary>
    /// <remarks>
    /// Less than one millisecond is written as one. More than 9,223,372,036,854 milliseconds, 292 years, are
    /// cut to that: a receiver in Go can hold no more. Zero is read as no time left.
    /// </remarks>
    public static DeadlineHeader ContextTtlMs { get; } = new(
        "Context-TTL-MS",
        static time => TimeText.Milliseconds(time, MaxGoMilliseconds),
        static text => TimeText.ParseMilliseconds(text));

    /// <summary>The header's name, as it was given. The case of a header's name has no meaning.</summary>
    public string Name { get; }

    /// <summary>Whether several headers of this name are one list.</summary>
    internal bool IsList => _find is not null;

    /// <summary>The longest text that is read, in characters.</summary>
    internal int MaxLength => IsList ? MaxListLength : MaxTimeLength;

    /// <summary>The header's value for a time.</summary>
    /// <param name="time">
    /// Zero or more: <see cref="Context.Remaining"/> of a context with a deadline. Zero is written as 100 ns
    /// would be, because the deadline may pass just before this call. Without a deadline (<see
    /// cref="Timeout.InfiniteTimeSpan"/>) write no header.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="time"/> is negative or infinite.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The format of a header of your own gave a text other than 1 to 64 characters of visible ASCII.
    /// </exception>
    public string Format(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(time), time, "A time on the wire is zero or more. Without a deadline, write no header.");
        }

        var text = _format(time > TimeSpan.Zero ? time : TimeSpan.FromTicks(1));
        return text is { Length: > 0 and <= MaxTimeLength }
            && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? text
            : throw new InvalidOperationException(
                $"What the format of the header '{Name}' returns is 1 to {MaxTimeLength} characters of visible ASCII: '{text}' "
                + "is not. Return the time as text, such as its milliseconds.");
    }

    /// <summary>Reads the header's value. Throws nothing, whatever the text is.</summary>
    /// <param name="text">The value, without white space around it. Null says no time.</param>
    /// <param name="time">Zero or more, rounded down to 100 ns. Zero: the caller has no time left.</param>
    /// <returns>
    /// Whether the text says a time. False for a text of more than 64 characters, and if parse throws.
    /// </returns>
    public bool TryParse(string? text, out TimeSpan time)
    {
        var isRead = TryRead(text, out var read, out _) && read.HasValue;
        time = read.GetValueOrDefault();
        return isRead;
    }

    /// <summary>Reads the header's value for a server that counts the values that it cannot read.</summary>
    /// <param name="text">The value.</param>
    /// <param name="time">The time. Null if there is none, although nothing is wrong with the text.</param>
    /// <param name="failure">What parse threw.</param>
    /// <returns>Whether the text is one that this header can have.</returns>
    internal bool TryRead(string? text, out TimeSpan? time, out Exception? failure)
    {
        (time, failure) = (null, null);
        if (text is null || text.Length > MaxLength)
        {
            return false;
        }

        if (_find is not null)
        {
            text = _find(text);
            if (text is null or { Length: > MaxTimeLength })
            {
                return text is null;
            }
        }

        try
        {
            time = _parse(text) is { } read && read >= TimeSpan.Zero ? read : null;
            return time.HasValue;
        }
        catch (Exception e)
        {
            failure = e;
            return false;
        }
    }
}
