using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Baton.Dashboard;

/// <summary>What became of requests: second by second for five minutes, and endpoint by endpoint.</summary>
/// <remarks>
/// A request that ends waits at most for another one that ends in the same second at the same endpoint, or for the copy
/// of that second or endpoint: some tens of nanoseconds.
/// </remarks>
internal sealed class History(TimeProvider clock, long start)
{
    internal const int Seconds = 300;

    /// <summary>The endpoints that are counted one by one. What comes to others is counted together.</summary>
    internal const int MaxEndpoints = 500;

    /// <summary>The causes in their order. The first is a request that completed.</summary>
    internal static readonly string[] Causes =
        ["completed", "client_disconnected", "timeout", "shutdown", "aborted", "canceled"];

    private readonly Second[] _seconds = [.. Enumerable.Range(0, Seconds).Select(static _ => new Second())];
    private readonly ConcurrentDictionary<(string? Method, string? Route), EndpointTotals> _endpoints = new();
    private readonly EndpointTotals _others = new(method: null, "(other endpoints)");

    /// <summary>
    /// The totals that were last used, by a part of the endpoint's hash: a look here costs no hash of a route.
    /// </summary>
    private readonly Last?[] _quick = new Last?[64];

    private int _endpointCount;
    private bool _hasOthers;

    internal void Add(LiveRequest request, long now)
    {
        var end = request.End;
        var ended = new EndedRequest(
            end is { Name: var name } ? Math.Max(0, Array.IndexOf(Causes, name)) : 0,
            clock.GetElapsedTime(request.StartedAt, now),
            request.Deadline,
            end?.Overrun ?? TimeSpan.Zero);
        if (ended.Overrun > ended.Used)
        {
            ended = ended with { Overrun = ended.Used };
        }

        var number = SecondOf(now);
        _seconds[number % Seconds].Add(number, ended);
        Of(request).Add(ended);
    }

    /// <summary>The second that a timestamp is in, counted from the start.</summary>
    internal long SecondOf(long now) => (long)clock.GetElapsedTime(start, now).TotalSeconds;

    /// <summary>The seconds from one to another, as far as they are still known.</summary>
    internal IEnumerable<SecondView> Read(long from, long to)
    {
        for (var number = Math.Max(0, Math.Max(from, to - Seconds + 1)); number <= to; number++)
        {
            yield return _seconds[number % Seconds].Read(number);
        }
    }

    internal IEnumerable<EndpointTotals> Endpoints()
    {
        foreach (var (_, endpoint) in _endpoints)
        {
            yield return endpoint;
        }

        if (Volatile.Read(ref _hasOthers))
        {
            yield return _others;
        }
    }

    private EndpointTotals Of(LiveRequest request)
    {
        if (request.Endpoint is not { } endpoint)
        {
            return Of(request.Method, request.Route);
        }

        ref var quick = ref _quick[RuntimeHelpers.GetHashCode(endpoint) & (_quick.Length - 1)];
        if (quick is not { } last || last.Endpoint != endpoint || last.Method != request.Method)
        {
            quick = last = new Last(endpoint, request.Method, Of(request.Method, request.Route));
        }

        return last.Totals;
    }

    private EndpointTotals Of(string? method, string? route)
    {
        if (_endpoints.TryGetValue((method, route), out var known))
        {
            return known;
        }

        if (Volatile.Read(ref _endpointCount) >= MaxEndpoints)
        {
            Volatile.Write(ref _hasOthers, true);
            return _others;
        }

        // Two threads that add one endpoint at the same time count it twice. The bound need not be exact.
        Interlocked.Increment(ref _endpointCount);
        return _endpoints.GetOrAdd((method, route), static key => new EndpointTotals(key.Method, key.Route));
    }

    private sealed record Last(Endpoint Endpoint, string? Method, EndpointTotals Totals);

    private sealed class Second
    {
        private readonly Lock _lock = new();
        private readonly int[] _causes = new int[Causes.Length];
        private long _number = -1;
        private int _timed;
        private double _remaining, _least;
        private TimeSpan _overrun;

        internal void Add(long number, EndedRequest ended)
        {
            lock (_lock)
            {
                if (number < _number)
                {
                    // A request that took its time for this while the ring went round once.
                    return;
                }

                if (number > _number)
                {
                    Array.Clear(_causes);
                    (_number, _timed, _remaining, _least, _overrun) = (number, 0, 0, 1, TimeSpan.Zero);
                }

                _causes[ended.Cause]++;
                _overrun += ended.Overrun;
                if (ended.Deadline is { Timeout: var timeout, Remaining: var left } && timeout > TimeSpan.Zero)
                {
                    var share = Math.Clamp(left / timeout, 0, 1);
                    _timed++;
                    _remaining += share;
                    _least = Math.Min(_least, share);
                }
            }
        }

        internal SecondView Read(long number)
        {
            lock (_lock)
            {
                return _number == number
                    ? new SecondView(
                        number, [.. _causes], _overrun, _timed == 0 ? null : _remaining / _timed, _timed == 0 ? null : _least)
                    : new SecondView(number, null, TimeSpan.Zero, null, null);
            }
        }
    }
}

/// <summary>How a request ended.</summary>
/// <param name="Cause">Which of <see cref="History.Causes"/>.</param>
/// <param name="Used">How long it took.</param>
/// <param name="Deadline">Its deadline, with what remains.</param>
/// <param name="Overrun">How long it went on after its context was done.</param>
internal readonly record struct EndedRequest(int Cause, TimeSpan Used, DeadlineView? Deadline, TimeSpan Overrun);

/// <summary>What ended in one second.</summary>
/// <param name="Number">The second, counted from the start.</param>
/// <param name="Causes">How many, cause by cause; null if none.</param>
/// <param name="Overrun">How long they had gone on after their contexts were done, all together.</param>
/// <param name="Remaining">The mean share of their time that was left, of those that had a deadline.</param>
/// <param name="Least">The smallest such share.</param>
internal readonly record struct SecondView(long Number, int[]? Causes, TimeSpan Overrun, double? Remaining, double? Least);
