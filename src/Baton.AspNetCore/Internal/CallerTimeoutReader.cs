using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Baton.AspNetCore;

/// <summary>Reads from a request's headers how long its caller will wait.</summary>
/// <remarks>
/// Whatever a client sends there, the worst it can do is nothing: a header that says no time is ignored and
/// counted. A request without such a header costs a lookup for each name, and no memory.
/// </remarks>
internal sealed class CallerTimeoutReader
{
    internal const string MeterName = "Baton.AspNetCore";

    /// <summary>No header here has a reason to be longer.</summary>
    internal const int MaxLength = 64;

    private readonly BatonOptions _options;
    private readonly ILogger _logger;
    private readonly Counter<long> _ignored;
    private readonly KeyValuePair<string, Func<string, TimeSpan?>>[] _headers;

    public CallerTimeoutReader(IOptions<BatonOptions> options, IMeterFactory meters, ILoggerFactory loggers)
    {
        _options = options.Value;
        _headers = [.. _options.CallerTimeoutHeaders];
        _logger = loggers.CreateLogger(Log.Category);
        _ignored = meters.Create(MeterName).CreateCounter<long>(
            "baton.server.caller_timeouts.ignored",
            "{header}",
            "Request headers with a caller's timeout that could not be used.");
    }

    /// <summary>
    /// The shortest time that the headers give, but no more than the most allowed; null if none does.
    /// </summary>
    internal TimeSpan? Read(HttpContext http)
    {
        var headers = http.Request.Headers;
        foreach (var header in _headers)
        {
            if (Values(headers, header.Key).Count > 0)
            {
                return ReadSent(http, headers);
            }
        }

        return null;
    }

    /// <summary>The same where one of the headers was sent. Apart, so that the look for them is small.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private TimeSpan? ReadSent(HttpContext http, IHeaderDictionary headers)
    {
        if (!Accepts(http))
        {
            return null;
        }

        TimeSpan? shortest = null;
        foreach (var (name, parse) in _headers)
        {
            var values = Values(headers, name);
            if (values.Count > 0 && Parse(name, values, parse) is { } time && !(time >= shortest))
            {
                shortest = time;
            }
        }

        return shortest is { } found && _options.MaxTimeout != Timeout.InfiniteTimeSpan
            && found > _options.MaxTimeout
            ? _options.MaxTimeout
            : shortest;
    }

    /// <summary>
    /// A server has a place for gRPC's header, and a lookup by its name takes ten times as long as a look
    /// there.
    /// </summary>
    private static StringValues Values(IHeaderDictionary headers, string name)
    {
        if (ReferenceEquals(name, WireNames.GrpcTimeout))
        {
            return headers.GrpcTimeout;
        }

        headers.TryGetValue(name, out var values);
        return values;
    }

    private bool Accepts(HttpContext http)
    {
        try
        {
            return _options.AcceptCallerTimeout is not { } accept || accept(http);
        }
        catch (Exception e)
        {
            Log.AcceptCallerTimeoutFailed(_logger, e);
            return false;
        }
    }

    private TimeSpan? Parse(string name, StringValues values, Func<string, TimeSpan?> parse)
    {
        if (values.Count > 1)
        {
            return Ignore(name, "repeated", values.Count);
        }

        var value = values[0] ?? "";
        if (value.Length > MaxLength)
        {
            return Ignore(name, "oversized", value.Length);
        }

        try
        {
            return parse(value) is { } time && time >= TimeSpan.Zero
                ? time
                : Ignore(name, "malformed", value.Length);
        }
        catch (Exception e)
        {
            Log.CallerTimeoutParserFailed(_logger, name, e);
            return Ignore(name, "failed", value.Length);
        }
    }

    private TimeSpan? Ignore(string name, string reason, int size)
    {
        _ignored.Add(1, new("header", name), new("reason", reason));
        Log.CallerTimeoutIgnored(_logger, name, reason, size);
        return null;
    }
}
