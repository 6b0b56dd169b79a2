using System.Text;

namespace Baton;

/// <summary>One key and its value, on top of the parent's.</summary>
internal abstract class ValueContext : Context
{
    private protected ValueContext(Context parent, object key, ulong filterBit)
        : base(parent, isValue: true)
    {
        Owner = parent.Owner;
        Key = key;
        Filter = filterBit | (Above?.Filter ?? 0);
    }

    public override CancellationToken Done => Owner?.Done ?? CancellationToken.None;

    internal override CancelableContext? Owner { get; }

    internal object Key { get; }

    /// <summary>
    /// The bits of all keys at or above this one. A key whose bit is missing is not among them.
    /// </summary>
    internal ulong Filter { get; }

    /// <summary>The next pair further up.</summary>
    internal ValueContext? Above => Parent!.Values;

    internal override void AppendTo(StringBuilder text) => text.Append(".WithValue(").Append(Key).Append(')');
}

/// <inheritdoc />
internal sealed class ValueContext<T>(Context parent, ContextKey<T> key, T value)
    : ValueContext(parent, key, key.FilterBit)
{
    internal T Value => value;
}
