using System.Diagnostics;
using System.Security.Cryptography;
using Baton.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Dashboard;

/// <summary>One time of watching: from the first reader until five minutes after the last one.</summary>
/// <remarks>All that is known of requests hangs on it, and goes along with it.</remarks>
internal sealed class Session : IDisposable
{
    /// <summary>Ids of another process, or of an earlier time of watching, are told from this one's.</summary>
    private readonly string _prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3));

    private readonly ServerInside _server;
    private readonly Calls _calls;
    private long _last;
    private volatile bool _isOver;

    internal Session(ServerInside server)
    {
        _server = server;
        StartedAt = Clock.GetTimestamp();
        Since = Clock.GetUtcNow();
        History = new History(Clock, StartedAt);
        _calls = new Calls(this);
        server.Watch(Begin, Make);
        Find();
    }

    internal TimeProvider Clock => _server.Clock;

    internal ServerInside Server => _server;

    internal LiveRequests Requests { get; } = new();

    internal History History { get; }

    internal long StartedAt { get; }

    internal DateTimeOffset Since { get; }

    internal bool IsLive => !_isOver;

    internal string IdOf(long number) => $"{_prefix}-{number:x}";

    /// <summary>Finds a request by its id.</summary>
    /// <param name="id">What the browser sent.</param>
    /// <param name="hasEnded">Whether there was one of this id.</param>
    internal LiveRequest? Find(string? id, out bool hasEnded)
    {
        hasEnded = false;
        if (id is null || id.Length is < 8 or > 23 || id[6] != '-' || !id.StartsWith(_prefix, StringComparison.Ordinal)
            || !long.TryParse(
                id.AsSpan(7), System.Globalization.NumberStyles.AllowHexSpecifier,
                System.Globalization.CultureInfo.InvariantCulture, out var number)
            || number <= 0 || number > Interlocked.Read(ref _last) || id != IdOf(number))
        {
            return null;
        }

        if (Requests.Find(number) is { IsOver: false } request)
        {
            return request;
        }

        hasEnded = true;
        return null;
    }

    internal void OnEnded(LiveRequest request)
    {
        // Counted first: whoever sees it gone from those in flight sees it counted.
        if (IsLive)
        {
            History.Add(request, Clock.GetTimestamp());
        }

        Requests.Remove(request);
    }

    /// <summary>
    /// Finds requests that began before they were watched. One that has not looked at its context by now may do so later,
    /// so this is called again now and then.
    /// </summary>
    internal void Find() => _server.Find(Begin, Make);

    public void Dispose()
    {
        _isOver = true;
        _server.Unwatch();
        _calls.Dispose();
    }

    private LiveRequest Make(ServedContext ctx) =>
        new(this, ctx) { Number = Interlocked.Increment(ref _last) };

    private bool Begin(ServerRequest begun, HttpContext? http, bool isFound)
    {
        if (begun is not LiveRequest request
            || request.Endpoint?.Metadata.GetMetadata<DashboardEndpoint>() is not null)
        {
            // The page's own requests last as long as somebody looks.
            return false;
        }

        request.StartedAt = request.CallStartedAt ?? Clock.GetTimestamp();
        if (request.CallStartedAt is not null)
        {
            request.Method = Methods.HubCall;
            request.Trace = isFound ? default : Activity.Current?.TraceId ?? default;
        }
        else if (http is not null)
        {
            request.Method = Methods.Known(http.Request.Method);
            request.Trace = http.Features.Get<IHttpActivityFeature>()?.Activity.TraceId ?? default;
        }
        else
        {
            SetStartOfFound(request);
        }

        Requests.Add(request);
        return true;
    }

    /// <summary>A request that had begun has a known age if it has a deadline.</summary>
    private void SetStartOfFound(LiveRequest request)
    {
        request.Method = Methods.Of(request.Endpoint);
        if (request.Deadline is { Remaining: var left, Timeout: var timeout } && left > TimeSpan.Zero && left < timeout)
        {
            request.StartedAt -= (long)((timeout - left).TotalSeconds * Clock.TimestampFrequency);
        }
        else
        {
            request.IsFound = true;
        }
    }
}
