namespace Baton.Calls;

/// <summary>What some calls took: seconds, seconds of processors with those of the peer, and bytes.</summary>
internal readonly record struct Cost(int Calls, double Time, double Processor, double Bytes)
{
    /// <summary>Calls a second.</summary>
    internal double Rate => Calls / Time;

    /// <summary>Bytes a call.</summary>
    internal double Each => Bytes / Calls;

    public static Cost operator +(Cost one, Cost other) => new(
        one.Calls + other.Calls,
        one.Time + other.Time,
        one.Processor + other.Processor,
        one.Bytes + other.Bytes);
}
