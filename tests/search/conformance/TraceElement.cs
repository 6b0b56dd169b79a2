using System.Text.Json;

namespace Baton.Conformance;

/// <summary>A piece of a program's JSON that says what is wrong with it, and where.</summary>
internal readonly struct TraceElement(JsonElement json, string place)
{
    internal TraceFormatException Error(string reason) => new($"{place}: {reason}");

    internal bool Has(string name) => Object().TryGetProperty(name, out _);

    internal TraceElement Member(string name) => Object().TryGetProperty(name, out var member)
        ? new TraceElement(member, $"{place}, '{name}'")
        : throw Error($"'{name}' is missing");

    internal IEnumerable<TraceElement> Items(string name) => Member(name).Items();

    internal IEnumerable<TraceElement> ItemsOrNone(string name) => Has(name) ? Items(name) : [];

    internal string Text(string name) => Member(name).Text();

    internal string? TextOrNull(string name) => Has(name) ? Text(name) : null;

    internal string OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        var text = Text(name);
        return allowed.Contains(text)
            ? text
            : throw Error(
                $"'{name}' is \"{text}\", and must be one of \"{string.Join("\", \"", allowed!)}\"");
    }

    internal int Integer(string name) => Member(name).Integer();

    internal int Integer() => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var number)
        ? number
        : throw Error($"an integer is wanted, not {json.GetRawText()}");

    /// <summary>A whole number of milliseconds that a clock can be moved by.</summary>
    internal long Milliseconds(string name)
    {
        var member = Member(name);
        return member.Number() is var number && number == Math.Floor(number) && Math.Abs(number) < 1e14
            ? (long)number
            : throw member.Error($"a whole number of milliseconds is wanted, not {number}");
    }

    internal bool Boolean(string name) => Member(name).Boolean();

    internal double? NumberOrNull(string name)
    {
        var member = Member(name);
        return member.IsNull() ? null : member.Number();
    }

    private bool IsNull() => json.ValueKind == JsonValueKind.Null;

    private double Number() => json.ValueKind == JsonValueKind.Number
        ? json.GetDouble()
        : throw Error($"a number is wanted, not {json.GetRawText()}");

    private bool Boolean() => json.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? json.GetBoolean()
        : throw Error($"true or false is wanted, not {json.GetRawText()}");

    private string Text() => json.ValueKind == JsonValueKind.String
        ? json.GetString()!
        : throw Error($"a string is wanted, not {json.GetRawText()}");

    private List<TraceElement> Items()
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            throw Error($"an array is wanted, not {json.GetRawText()}");
        }

        var items = new List<TraceElement>();
        foreach (var item in json.EnumerateArray())
        {
            items.Add(new TraceElement(item, $"{place} {items.Count}"));
        }

        return items;
    }

    private JsonElement Object() => json.ValueKind == JsonValueKind.Object
        ? json
        : throw Error($"an object is wanted, not {json.GetRawText()}");
}
