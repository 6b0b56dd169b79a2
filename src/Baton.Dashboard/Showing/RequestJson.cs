using System.Text.Json;

namespace Baton.Dashboard;

/// <summary>One request as JSON. Every text is bounded, and none is a caller's.</summary>
internal static class RequestJson
{
    private const int MaxText = 200;
    private const int MaxCallsInList = 4;
    private const int MaxCalls = 100;

    internal static void Write(Utf8JsonWriter json, LiveRequest request, TimeProvider clock, long now)
    {
        json.WriteStartObject();
        WriteFields(json, request, clock, now, MaxCallsInList);
        json.WriteEndObject();
    }

    /// <summary>The same, with all calls, the names of keys, and the tree of derived contexts.</summary>
    internal static void WriteWhole(Utf8JsonWriter json, LiveRequest request, TimeProvider clock)
    {
        json.WriteStartObject();
        WriteFields(json, request, clock, clock.GetTimestamp(), MaxCalls);
        WriteNames(json, "keys", request.Keys);
        json.WritePropertyName("contexts");
        WriteNode(json, request.Describe());
        json.WriteEndObject();
    }

    /// <summary>A text of a bounded length.</summary>
    internal static string? Cut(string? text) => text is { Length: > MaxText } ? $"{text[..MaxText]}…" : text;

    private static void WriteFields(
        Utf8JsonWriter json, LiveRequest request, TimeProvider clock, long now, int maxCalls)
    {
        var age = clock.GetElapsedTime(request.StartedAt, now);
        json.WriteString("id", request.Id);
        json.WriteString("method", request.Method);
        json.WriteString("route", Cut(request.Route));
        json.WriteBoolean("isHub", request.IsHub);
        json.WriteString("trace", request.Trace == default ? null : request.Trace.ToHexString());
        json.WriteNumber("ageMs", Milliseconds(age));
        json.WriteBoolean("isOlder", request.IsFound);
        WriteDeadline(json, request.Deadline);
        WriteEnd(json, request.End, age, request.IsFound);
        WriteCalls(json, request.Calls(), clock, now, maxCalls);
    }

    private static void WriteDeadline(Utf8JsonWriter json, DeadlineView? deadline)
    {
        json.WritePropertyName("deadline");
        if (deadline is not { Timeout: var timeout, Remaining: var left, Cause: var cause })
        {
            json.WriteNullValue();
            return;
        }

        var (source, policy) = ServerRequest.SetterOf(cause);
        json.WriteStartObject();
        json.WriteNumber("totalMs", Milliseconds(timeout));
        json.WriteNumber("remainingMs", Milliseconds(left));
        json.WriteString("source", source);
        json.WriteString("policy", Cut(policy));
        json.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter json, EndView? end, TimeSpan age, bool isFound)
    {
        json.WritePropertyName("end");
        if (end is not { Name: var name, Cause: var cause, Overrun: var overrun })
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("cause", name);
        json.WriteString("type", Cut(cause.GetType().Name));
        json.WriteString("source", ServerRequest.SetterOf(cause).Source);

        // The instant of the end is noted a moment after the end can be seen.
        json.WriteNumber("overrunMs", Milliseconds(overrun > age && !isFound ? TimeSpan.Zero : overrun));
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, LiveCall[] calls, TimeProvider clock, long now, int max)
    {
        json.WriteStartArray("calls");
        foreach (var call in calls.AsSpan(0, Math.Min(max, calls.Length)))
        {
            json.WriteStartObject();
            json.WriteString("kind", Cut(call.Kind));
            json.WriteString("target", Cut(call.Target));
            json.WriteString("operation", Cut(call.Operation));
            json.WriteNumber("ageMs", Milliseconds(clock.GetElapsedTime(call.StartedAt, now)));
            if (call.Given is { } given && given >= TimeSpan.Zero)
            {
                json.WriteNumber("givenMs", Milliseconds(given));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("moreCalls", Math.Max(0, calls.Length - max));
    }

    private static void WriteNode(Utf8JsonWriter json, ContextNode node)
    {
        json.WriteStartObject();
        json.WriteString("kind", Cut(node.Kind));
        WriteDeadline(json, node.Deadline);
        WriteNames(json, "keys", node.Keys);
        json.WriteStartArray("children");
        foreach (var child in node.Children)
        {
            WriteNode(json, child);
        }

        json.WriteEndArray();
        json.WriteNumber("more", node.More);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string property, IReadOnlyList<string> names)
    {
        json.WriteStartArray(property);
        foreach (var name in names)
        {
            json.WriteStringValue(Cut(name));
        }

        json.WriteEndArray();
    }

    private static double Milliseconds(TimeSpan time) =>
        Math.Round(Math.Clamp(time.TotalMilliseconds, 0, 1e12), 1);
}
