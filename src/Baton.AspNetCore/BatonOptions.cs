using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using NoTimeout = System.Threading.Timeout;

namespace Baton.AspNetCore;

/// <summary>What <c>AddBaton</c> is told about the contexts of requests.</summary>
/// <remarks>
/// Set before the application is built; read once, by <c>UseBaton()</c>. The functions are called for many
/// requests at a time, each on the thread of its request.
/// </remarks>
public sealed class BatonOptions
{
    private static readonly TimeSpan s_defaultGrace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What the context of every request is derived from: Go's <c>BaseContext</c>. <see
    /// cref="Context.Background"/> by default.
    /// </summary>
    /// <remarks>
    /// Canceling it ends every request, running and still to come, with its cause; its deadline can only
    /// shorten theirs, and its values and its clock are theirs too.
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    [SuppressMessage(
        "Baton", "BTN003", Justification = "The root of all requests: it lives as long as the server.")]
    public Context BaseContext
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }
    = Context.Background;

    /// <summary>
    /// Adds to what a request's context is derived from, at the edge: a tenant, a principal, a trace id.
    /// Null, the default, adds nothing.
    /// </summary>
    /// <remarks>
    /// It is given the request and the context so far, and returns that, or one derived from it by
    /// <see cref="Context.WithValue"/>. It is called once for each request, in <c>UseBaton()</c>: what later
    /// middleware knows, as the user, that middleware adds by setting <c>HttpContext.RequestContext</c>. If
    /// it throws or returns something else the request goes on without its values, and an error is logged.
    /// </remarks>
    public Func<HttpContext, Context, Context>? ConfigureContext { get; set; }

    /// <summary>
    /// How long a request has whose endpoint says nothing. <see cref="NoTimeout.InfiniteTimeSpan"/>, the
    /// default, leaves that to the default policy of <c>AddRequestTimeouts</c>, if there is one.
    /// </summary>
    /// <remarks>
    /// More than zero, or infinite. An endpoint's own timeout, or <c>DisableRequestTimeout()</c>, takes its
    /// place; a caller's deadline, or one of <see cref="BaseContext"/>, can only shorten it.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is zero or negative, and not infinite.
    /// </exception>
    public TimeSpan Timeout { get; set => field = MoreThanZero(value); } = NoTimeout.InfiniteTimeSpan;

    /// <summary>
    /// The least time worth starting with. If a caller gives less, the response is a 504 at once and the handler
    /// does not run. Zero by default: then this holds only for a caller that gives no time at all.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MinTimeout
    {
        get;
        set => field = value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, "BatonOptions.MinTimeout is zero or more. For no least time, set it to zero.");
    }

    /// <summary>
    /// The most a caller can ask for: what is longer counts as this. Sets no timeout by itself.
    /// <see cref="NoTimeout.InfiniteTimeSpan"/>, no limit, by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is zero or negative, and not infinite.
    /// </exception>
    public TimeSpan MaxTimeout { get; set => field = MoreThanZero(value); } = NoTimeout.InfiniteTimeSpan;

    /// <summary>
    /// The request headers in which callers say how long they will wait: <see
    /// cref="DeadlineHeader.GrpcTimeout"/> and <see cref="DeadlineHeader.EnvoyExpectedTimeout"/> by default.
    /// </summary>
    /// <remarks>
    /// Add others, or clear the list to read none. If a request has several of these headers, the shortest
    /// time counts. A header that says no time is ignored and counted by
    /// <c>baton.server.caller_timeouts.ignored</c>.
    /// </remarks>
    public IList<DeadlineHeader> CallerDeadlines { get; } =
        [DeadlineHeader.GrpcTimeout, DeadlineHeader.EnvoyExpectedTimeout];

    /// <summary>
    /// Whose deadline is read from the request's headers. Null, the default: every caller's, since a caller
    /// can only shorten its own request.
    /// </summary>
    /// <remarks>
    /// Called only for requests that have such a header. If it throws, the headers are ignored, and an error
    /// is logged.
    /// </remarks>
    public Func<HttpContext, bool>? ShouldAcceptCallerDeadline { get; set; }

    /// <summary>
    /// How long a client is to wait before it tries again, in the <c>Retry-After</c> of a 503 of a stopping
    /// server. Null, or a null result: no such header. One second by default.
    /// </summary>
    /// <remarks>
    /// The header counts whole seconds: rounded up. If it throws, the header is left out, and an error is
    /// logged.
    /// </remarks>
    public Func<HttpContext, TimeSpan?>? RetryAfter { get; set; } = static _ => TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the server goes on taking requests after it was asked to stop, so that load balancers see its
    /// health check fail before its port does. Zero, the default, or more.
    /// </summary>
    /// <remarks>
    /// The health check is <c>AddHealthChecks().AddServerLifetimeCheck()</c>. Also an idle server waits for
    /// so long. A second signal ends the wait. Together with <see cref="ShutdownGrace"/> it is less than the
    /// host's <c>ShutdownTimeout</c>, which is checked when the application starts.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan ShutdownDelay { get; set => field = ZeroOrMore(value); }

    /// <summary>
    /// How long running requests have, after the server has stopped taking new ones, before their contexts
    /// are canceled with <see cref="ServerShutdownException"/>. Zero or more; zero cancels them at once.
    /// </summary>
    /// <remarks>
    /// Null, the default, is five seconds, or half of what the host's <c>ShutdownTimeout</c> leaves if that
    /// is less. A value that does not fit within it fails when the application starts. A second signal ends
    /// the grace; a server without running requests does not wait for it.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? ShutdownGrace { get; set => field = value is { } grace ? ZeroOrMore(grace) : null; }

    /// <summary>
    /// Changes the response that Baton writes for a canceled request whose handler has written none. Null, the
    /// default, changes nothing.
    /// </summary>
    /// <remarks>
    /// Called before the endpoint's own, which <c>WithCancellationResponse</c> adds. If it throws, the response
    /// stays as it was, and an error is logged.
    /// </remarks>
    public Action<HttpContext, CancellationResponse>? ConfigureResponse { get; set; }

    /// <summary>
    /// How long a handler may go on after its context is done before a warning is logged. One second by
    /// default.
    /// </summary>
    /// <remarks>
    /// Zero or more; zero logs each overrun. <see cref="NoTimeout.InfiniteTimeSpan"/> logs none. One warning
    /// is logged for each endpoint in a minute: it names the route, the overrun and the rule that finds code
    /// which does not look at its context.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is negative, and not infinite.
    /// </exception>
    public TimeSpan OverrunWarning
    {
        get;
        set => field = value == NoTimeout.InfiniteTimeSpan ? value : ZeroOrMore(value);
    }
    = TimeSpan.FromSeconds(1);

    /// <summary>Checks what no setter can see by itself.</summary>
    internal void Validate()
    {
        if (CallerDeadlines.Contains(null!))
        {
            throw new InvalidOperationException(
                "BatonOptions.CallerDeadlines has a null. Add headers such as DeadlineHeader.ConnectTimeoutMs, and to read none, clear it.");
        }

        if (MaxTimeout != NoTimeout.InfiniteTimeSpan && MaxTimeout < MinTimeout)
        {
            throw new InvalidOperationException(
                $"BatonOptions.MaxTimeout, {MaxTimeout}, is less than BatonOptions.MinTimeout, {MinTimeout}, so that every "
                + "caller's deadline would be refused. To read none, clear CallerDeadlines.");
        }
    }

    /// <summary>Checks that both phases of a stop end before the host cuts them.</summary>
    internal void ValidateShutdown(TimeSpan hostTimeout)
    {
        var ours = ShutdownDelay + ShutdownGrace.GetValueOrDefault();
        if (hostTimeout != NoTimeout.InfiniteTimeSpan && ours >= hostTimeout && ours > TimeSpan.Zero)
        {
            throw new InvalidOperationException(
                $"BatonOptions.ShutdownDelay and ShutdownGrace, {ShutdownDelay} and {ShutdownGrace.GetValueOrDefault()}, do not "
                + $"fit within the host's ShutdownTimeout, {hostTimeout}. Shorten them, or give the host longer: "
                + "builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = …).");
        }
    }

    /// <summary><see cref="ShutdownGrace"/>, or what it is by default.</summary>
    internal TimeSpan GraceWithin(TimeSpan hostTimeout)
    {
        var half = (hostTimeout - ShutdownDelay) / 2;
        return ShutdownGrace
            ?? (hostTimeout == NoTimeout.InfiniteTimeSpan || half > s_defaultGrace ? s_defaultGrace : half);
    }

    private static TimeSpan ZeroOrMore(TimeSpan value, [CallerMemberName] string option = "") => value >= TimeSpan.Zero
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(value), value, $"BatonOptions.{option} is zero or more.{WayOutOf(option)}");

    private static string WayOutOf(string option) => option switch
    {
        nameof(OverrunWarning) => " For no warning, set it to Timeout.InfiniteTimeSpan.",
        nameof(ShutdownGrace) => " For the default, set it to null.",
        _ => " For no delay, set it to zero.",
    };

    private static TimeSpan MoreThanZero(TimeSpan value, [CallerMemberName] string option = "") =>
        value > TimeSpan.Zero || value == NoTimeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value,
                $"BatonOptions.{option} is more than zero. For none, set it to Timeout.InfiniteTimeSpan.");
}
