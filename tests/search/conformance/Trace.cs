namespace Baton.Conformance;

/// <summary>One program that was run against Go, with what was seen after each step.</summary>
internal sealed record TraceProgram(string Name, IReadOnlyList<TraceStep> Steps);

/// <summary>An operation and what it set off.</summary>
/// <param name="Operation">What to do.</param>
/// <param name="Stopped">What the call returned; only for a stop.</param>
/// <param name="Changed">Every context whose state is not what it was last.</param>
/// <param name="Fired">The registrations whose function ran.</param>
internal sealed record TraceStep(
    TraceOperation Operation, bool? Stopped, IReadOnlyList<TraceState> Changed, IReadOnlyList<int> Fired);

/// <summary>An operation with the fields it has; the others are at their defaults.</summary>
internal sealed record TraceOperation(
    string Name, int Id, int Parent = -1, long Milliseconds = 0, string? Cause = null, string Key = "",
    string Value = "")
{
    public override string ToString() => Name switch
    {
        "advance" => $"advance {Milliseconds} ms",
        "cancel" or "stop" => $"{Name} {Id}",
        _ => Parent >= 0 ? $"{Id} = {Name} of {Parent}" : $"{Id} = {Name}",
    };
}

/// <summary>The state of one context.</summary>
/// <param name="Id">Which context.</param>
/// <param name="Err">Its error's text, empty while live.</param>
/// <param name="Cause">Its cause's text, empty while live.</param>
/// <param name="Deadline">Milliseconds after the start; null without.</param>
/// <param name="Values">
/// The values visible for the four keys, in their order; null where there is none.
/// </param>
internal sealed record TraceState(int Id, string Err, string Cause, double? Deadline, ValueList Values);

/// <summary>Four values, compared one by one.</summary>
internal readonly record struct ValueList(string? A, string? B, string? C, string? D)
{
    public override string ToString() =>
        $"a={A ?? "-"} b={B ?? "-"} c={C ?? "-"} d={D ?? "-"}";
}
