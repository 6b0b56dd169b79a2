namespace Baton.Calls;

/// <summary>What some calls took: seconds, seconds of processors by this process and its peer, and bytes.</summary>
internal readonly record struct Cost(int Calls, double Time, double Processor, double Bytes)
{
    public static Cost operator +(Cost one, Cost other) =>
        new(one.Calls + other.Calls, one.Time + other.Time, one.Processor + other.Processor, one.Bytes + other.Bytes);

    internal double Rate => Calls / Time;
}
