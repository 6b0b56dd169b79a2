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
    private readonly BatonOptions _options;
    private readonly ILogger _logger;
    private readonly Counter<long> _ignored;
    private readonly DeadlineHeader[] _headers;

    public CallerTimeoutReader(IOptions<BatonOptions> options, IMeterFactory meters, ILoggerFactory loggers)
    {
        _options = options.Value;
        _headers = [.. _options.CallerDeadlines];
        _logger = loggers.CreateLogger(Log.Category);
        _ignored = meters.Create(Observing.MeterName).CreateCounter<long>(
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
            if (Values(headers, header).Count > 0)
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
        foreach (var header in _headers)
        {
            var values = Values(headers, header);
            if (values.Count > 0 && Parse(header, values) is { } time && !(time >= shortest))
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
    private static StringValues Values(IHeaderDictionary headers, DeadlineHeader header)
    {
        if (ReferenceEquals(header, DeadlineHeader.GrpcTimeout))
        {
            return headers.GrpcTimeout;
        }

        headers.TryGetValue(header.Name, out var values);
        return values;
    }

    private bool Accepts(HttpContext http)
    {
        if (_options.ShouldAcceptCallerDeadline is not { } accept)
        {
            return true;
        }

        var request = RequestContext.Find(http)!;
        request.AskedBy = EarlyOption.ShouldAcceptCallerDeadline;
        try
        {
            return accept(http);
        }
        catch (Exception e)
        {
            Log.ShouldAcceptCallerDeadlineFailed(_logger, e);
            return false;
        }
        finally
        {
            request.AskedBy = EarlyOption.None;
        }
    }

    private TimeSpan? Parse(DeadlineHeader header, StringValues values)
    {
        if (values.Count > 1 && !header.IsList)
        {
            return Ignore(header, "repeated", values.Count);
        }

        var value = values.ToString();
        if (value.Length > header.MaxLength)
        {
            return Ignore(header, "oversized", value.Length);
        }

        if (header.TryRead(value, out var time, out var failure))
        {
            return time;
        }

        if (failure is null)
        {
            return Ignore(header, "malformed", value.Length);
        }

        Log.CallerTimeoutParserFailed(_logger, header.Name, failure);
        return Ignore(header, "failed", value.Length);
    }

    private TimeSpan? Ignore(DeadlineHeader header, string reason, int size)
    {
        _ignored.Add(1, new("header", header.Name), new("reason", reason));
        Log.CallerTimeoutIgnored(_logger, header.Name, reason, size);
        return null;
    }
}
