using System.Diagnostics;
using Baton.AspNetCore;

namespace Baton.Dashboard;

/// <summary>A request in flight, or a call of a hub, while the page is watched.</summary>
/// <param name="session">The time of watching that it belongs to.</param>
/// <param name="ctx">Its context.</param>
[ContextCarrier]
internal sealed class LiveRequest(Session session, ServedContext ctx) : ServerRequest(ctx)
{
    /// <summary>The calls that are kept. A request that makes more at once has the oldest shown.</summary>
    private const int MaxCalls = 256;

    private readonly Lock _lock = new();

    /// <summary>The calls that run, oldest first. The lock guards the list.</summary>
    private List<LiveCall>? _calls;

    internal override bool IsWatched => session.IsLive;

    /// <summary>Counted from one, in the order in which requests were told of.</summary>
    internal long Number { get; init; }

    internal string Id => session.IdOf(Number);

    /// <summary>
    /// One of the methods of HTTP that are known; null for another one, or if it is not known. <see cref="Methods.HubCall"/>
    /// for a call of a hub.
    /// </summary>
    internal string? Method { get; set; }

    /// <summary>The trace that the request belongs to; default if there is none.</summary>
    internal ActivityTraceId Trace { get; set; }

    /// <summary>When it began, or else when it was found.</summary>
    internal long StartedAt { get; set; }

    /// <summary>Whether it had begun before it was found, so that its age is not known.</summary>
    internal bool IsFound { get; set; }

    /// <summary>Its neighbours among those of its shard, whose lock guards the three.</summary>
    internal LiveRequest? Next { get; set; }

    /// <inheritdoc cref="Next" />
    internal LiveRequest? Previous { get; set; }

    /// <inheritdoc cref="Next" />
    internal bool IsListed { get; set; }

    internal override void Ended() => session.OnEnded(this);

    internal override void Forget() => session.Requests.Remove(this);

    internal bool IsOf(Session other) => session == other;

    internal void CallStarted(LiveCall call)
    {
        lock (_lock)
        {
            _calls ??= [];
            if (_calls.Count < MaxCalls)
            {
                _calls.Add(call);
            }
        }
    }

    internal void CallStopped(object identity)
    {
        lock (_lock)
        {
            _calls?.RemoveAll(call => call.Identity == identity);
        }
    }

    /// <summary>The calls that run now, oldest first.</summary>
    internal LiveCall[] Calls()
    {
        lock (_lock)
        {
            return _calls is null ? [] : [.. _calls];
        }
    }
}

/// <summary>A call that a request waits for.</summary>
/// <param name="Identity">What the end of the call is told with.</param>
/// <param name="Kind">The listener that told of it, such as <c>Baton.Http</c>.</param>
/// <param name="Target">Whom is called: scheme, host and port.</param>
/// <param name="Operation">What is called there, where that is no user's text.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Given">How much time it was given; null if it has no deadline.</param>
internal sealed record LiveCall(
    object Identity, string Kind, string? Target, string? Operation, long StartedAt, TimeSpan? Given);
