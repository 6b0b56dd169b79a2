using System.Buffers;
using System.Text.Json;

namespace Baton.Dashboard;

/// <summary>What the page shows, as JSON. Each part is written once for all readers, and kept for a moment.</summary>
internal sealed class Snapshots(Session session)
{
    /// <summary>The requests that are listed. The rest is counted.</summary>
    internal const int MaxRows = 500;

    /// <summary>How long a list of requests is shown to all readers.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_rarely = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _foundAt = session.StartedAt;
    private readonly List<LiveRequest> _requests = [];
    private Kept? _live, _endpoints, _all;

    internal Session Session => session;

    /// <summary>The requests that are in flight now.</summary>
    internal ReadOnlyMemory<byte> Requests() => Read(ref _live, Fresh, WriteLive);

    /// <summary>What became of requests, endpoint by endpoint.</summary>
    internal ReadOnlyMemory<byte> Endpoints() => Read(ref _endpoints, s_rarely, WriteEndpoints);

    /// <summary>Everything, for tools.</summary>
    internal ReadOnlyMemory<byte> All() => Read(ref _all, Fresh, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        json.WritePropertyName("live");
        WriteLive(json);
        json.WritePropertyName("history");
        WriteSeconds(json, from: 0);
        json.WritePropertyName("endpoints");
        WriteEndpoints(json);
        json.WriteEndObject();
    });

    /// <summary>The seconds from one on. The last one is not over yet.</summary>
    internal ReadOnlyMemory<byte> Seconds(long from) => Write(json => WriteSeconds(json, from));

    /// <summary>One request, with the contexts that were derived from its own.</summary>
    internal ReadOnlyMemory<byte> One(LiveRequest request) =>
        Write(json => RequestJson.WriteWhole(json, request, session.Clock));

    /// <summary>How many requests are in flight, those of the page left out.</summary>
    internal int Count()
    {
        lock (_lock)
        {
            return Collect();
        }
    }

    private ReadOnlyMemory<byte> Read(ref Kept? kept, TimeSpan fresh, Action<Utf8JsonWriter> write)
    {
        lock (_lock)
        {
            var now = session.Clock.GetTimestamp();
            if (kept is null || session.Clock.GetElapsedTime(kept.At, now) >= fresh)
            {
                kept = new Kept(Write(write), now);
            }

            return kept.Json;
        }
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Collects the requests in flight. Drops those that have ended without telling.</summary>
    private int Collect()
    {
        _requests.Clear();
        session.Requests.CopyTo(_requests);
        _requests.RemoveAll(request =>
        {
            if (request.IsOver)
            {
                session.Requests.Remove(request);
            }

            return request.IsOver;
        });
        return _requests.Count;
    }

    private void WriteLive(Utf8JsonWriter json)
    {
        var now = session.Clock.GetTimestamp();
        if (session.Clock.GetElapsedTime(_foundAt, now) >= s_rarely)
        {
            session.Find();
            _foundAt = now;
        }

        Collect();
        var (rows, done) = Sort(now);
        var listed = Math.Min(rows.Length, MaxRows);
        json.WriteStartObject();
        json.WriteString("at", session.Clock.GetUtcNow());
        json.WriteString("since", session.Since);
        json.WriteNumber("inFlight", rows.Length);
        json.WriteNumber("doneButRunning", done);
        json.WriteNumber("notListed", rows.Length - listed);
        json.WritePropertyName("stopping");
        if (session.Server.IsStopping)
        {
            json.WriteStartObject();
            json.WriteNumber("cutInMs", Math.Round(session.Server.CutIn.TotalMilliseconds));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteStartArray("requests");
        foreach (var row in rows.AsSpan(0, listed))
        {
            RequestJson.Write(json, row, session.Clock, now);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        _requests.Clear();
    }

    /// <summary>Those that go on for nobody come first, the others by their age.</summary>
    private (LiveRequest[] Rows, int Done) Sort(long now)
    {
        var rows = _requests.ToArray();
        var keys = new long[rows.Length];
        var done = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var age = session.Clock.GetElapsedTime(rows[i].StartedAt, now).Ticks;
            var isDone = rows[i].IsDone;
            done += isDone ? 1 : 0;
            keys[i] = (isDone ? long.MinValue / 2 : 0) - age;
        }

        Array.Sort(keys, rows);
        return (rows, done);
    }

    private void WriteSeconds(Utf8JsonWriter json, long from)
    {
        var now = session.History.SecondOf(session.Clock.GetTimestamp());
        json.WriteStartObject();
        json.WriteNumber("now", now);
        json.WriteStartArray("causes");
        foreach (var cause in History.Causes)
        {
            json.WriteStringValue(cause);
        }

        json.WriteEndArray();
        json.WriteStartArray("seconds");
        foreach (var second in session.History.Read(from, now))
        {
            if (second.Causes is not null)
            {
                WriteSecond(json, second);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSecond(Utf8JsonWriter json, SecondView second)
    {
        json.WriteStartObject();
        json.WriteNumber("second", second.Number);
        json.WriteStartArray("ended");
        foreach (var count in second.Causes!)
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
        json.WriteNumber("overrunMs", Math.Round(second.Overrun.TotalMilliseconds, 1));
        if (second.Remaining is { } remaining)
        {
            json.WriteNumber("remaining", Math.Round(remaining, 3));
            json.WriteNumber("leastRemaining", Math.Round(second.Least!.Value, 3));
        }

        json.WriteEndObject();
    }

    private void WriteEndpoints(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var endpoint in session.History.Endpoints().Select(static one => one.Read())
            .OrderByDescending(static one => one.Count).Take(History.MaxEndpoints + 1))
        {
            json.WriteStartObject();
            json.WriteString("method", endpoint.Method);
            json.WriteString("route", RequestJson.Cut(endpoint.Route));
            json.WriteNumber("count", endpoint.Count);
            json.WriteStartArray("ended");
            foreach (var count in endpoint.Causes)
            {
                json.WriteNumberValue(count);
            }

            json.WriteEndArray();
            json.WriteNumber("medianMs", Math.Round(endpoint.Median.TotalMilliseconds, 2));
            json.WriteNumber("p95Ms", Math.Round(endpoint.P95.TotalMilliseconds, 2));
            json.WriteNumber("overrunMs", Math.Round(endpoint.Overrun.TotalMilliseconds, 1));
            json.WriteNumber("longestOverrunMs", Math.Round(endpoint.LongestOverrun.TotalMilliseconds, 1));
            json.WriteNumber("wasted", Math.Round(endpoint.Wasted, 4));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private sealed record Kept(ReadOnlyMemory<byte> Json, long At);
}
