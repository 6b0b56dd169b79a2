namespace Baton.Orleans.Wire;

/// <summary>What crosses with a call: the remaining time, the registered values, and the call's number.</summary>
/// <remarks>
/// The remaining time is counted from when this object was made, on the caller's side and again on the
/// grain's: the time in the grain's queue is then part of it.
/// </remarks>
internal sealed class Carried
{
    /// <summary>Names and values by turns.</summary>
    private readonly string[] _values;
    private readonly TimeSpan? _remaining;
    private readonly long _start = TimeProvider.System.GetTimestamp();

    internal Carried(long call, TimeSpan? remaining, string[] values)
    {
        Call = call;
        _remaining = remaining;
        _values = values;
    }

    /// <summary>The call's number; zero if the call is canceled by Orleans itself.</summary>
    internal long Call { get; }

    internal string[] Values => _values;

    /// <summary>What remains now; null without a deadline.</summary>
    internal TimeSpan? Remaining => _remaining is not { } remaining
        ? null
        : remaining - TimeProvider.System.GetElapsedTime(_start) is var left && left > TimeSpan.Zero
            ? left
            : TimeSpan.Zero;

    internal Context AddValues(Context ctx, ContextPropagation? propagation) =>
        propagation is null || _values.Length == 0
            ? ctx
            : propagation.Extract(ctx, _values, static (values, name) => Find(values, name));

    private static string? Find(string[] values, string name)
    {
        for (var i = 0; i < values.Length; i += 2)
        {
            if (values[i] == name)
            {
                return values[i + 1];
            }
        }

        return null;
    }
}
