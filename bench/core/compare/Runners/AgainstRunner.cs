namespace Baton.Compare;

/// <summary>
/// An act that is compared with another act of the same process, which is measured right before it.
/// </summary>
internal sealed class AgainstRunner(Runner act, Runner reference) : Runner
{
    internal override void Warm()
    {
        reference.Warm();
        act.Warm();
    }

    internal override Sample Measure(int count)
    {
        var other = reference.Measure(count);
        var own = act.Measure(count);
        return own with { Reference = other.Nanoseconds, Wall = own.Wall + other.Wall };
    }
}
