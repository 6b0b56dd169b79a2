using System.Globalization;

namespace Baton.Http;

/// <summary>A request header with the time that is left, and how it is written.</summary>
/// <remarks>Safe to use from any thread.</remarks>
public sealed class DeadlineHeader
{
    private readonly Func<TimeSpan, string> _format;

    /// <summary>A header of your own.</summary>
    /// <param name="name">A header's name, none of a body's.</param>
    /// <param name="format">
    /// Writes a time of more than zero. Round down: the service must not be given more than there is. Called
    /// from any thread.
    /// </param>
    /// <exception cref="ArgumentException">
    /// <paramref name="name"/> is not a request header's name.
    /// </exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public DeadlineHeader(string name, Func<TimeSpan, string> format)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(format);
        using var probe = new HttpRequestMessage();
        if (!probe.Headers.TryAddWithoutValidation(name, "1"))
        {
            throw new ArgumentException(
                $"'{name}' is not the name of a request header. Write one such as \"x-deadline-ms\".",
                nameof(name));
        }

        (Name, _format) = (name, format);
    }

    /// <summary>gRPC's own: one to eight digits and a unit, as <c>grpc-timeout: 1500m</c>.</summary>
    /// <remarks>The largest unit that loses less than one part in a hundred, rounded down.</remarks>
    public static DeadlineHeader GrpcTimeout { get; } = new(WireNames.GrpcTimeout, Baton.GrpcTimeout.Format);

    /// <summary>Envoy's: whole milliseconds, as <c>x-envoy-expected-rq-timeout-ms: 1500</c>.</summary>
    /// <remarks>Rounded down; less than one is sent as one, because Envoy takes zero for no limit.</remarks>
    public static DeadlineHeader EnvoyExpectedTimeout { get; } = new(
        WireNames.EnvoyExpectedTimeout,
        static time =>
            Math.Max(1, time.Ticks / TimeSpan.TicksPerMillisecond).ToString(CultureInfo.InvariantCulture));

    /// <summary>The header's name.</summary>
    public string Name { get; }

    /// <exception cref="InvalidOperationException">
    /// A format of the caller's own gave what no header can say.
    /// </exception>
    internal string Format(TimeSpan time)
    {
        var text = _format(time);
        return text is { Length: > 0 } && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? text
            : throw new InvalidOperationException(
                $"What the format of the header '{Name}' returns is visible ASCII: '{text}' is not. Return the time as text, "
                + "such as its milliseconds.");
    }
}
