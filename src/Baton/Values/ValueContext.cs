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
        var above = parent.Values;
        if (above is null)
        {
            Stretch = ValueFilter.Add(0, filterBit);
        }
        else if (ValueFilter.Length(above.Stretch) < ValueFilter.Longest)
        {
            Stretch = ValueFilter.Add(above.Stretch, filterBit);
            Index = above.Index;
        }
        else
        {
            Stretch = ValueFilter.Add(0, filterBit);
            Index = new ValueIndex(above);
        }
    }

    public override CancellationToken Done => Owner?.Done ?? CancellationToken.None;

    internal override CancelableContext? Owner { get; }

    internal object Key { get; }

    /// <summary>The filter over this pair and those above it, as far as the index does not reach.</summary>
    internal ulong Stretch { get; }

    /// <summary>The pairs above the stretch.</summary>
    internal ValueIndex? Index { get; }

    /// <summary>The next pair further up.</summary>
    internal ValueContext? Above => Parent!.Values;

    /// <summary>The nearest pair with the key, this one included.</summary>
    internal ValueContext? Find(object key, ulong filterBit)
    {
        // The filter shrinks on the way up: where the key's bit is gone, the key is further up or nowhere.
        var pair = this;
        for (var left = ValueFilter.Length(Stretch); left > 0 && (pair.Stretch & filterBit) != 0; left--)
        {
            if (pair.Key == key)
            {
                return pair;
            }

            pair = pair.Above!;
        }

        return Index is null ? null : ValueIndex.Find(Index, key);
    }

    internal override void AppendTo(StringBuilder text) => text.Append(".WithValue(").Append(Key).Append(')');
}

/// <inheritdoc />
internal sealed class ValueContext<T>(Context parent, ContextKey<T> key, T value)
    : ValueContext(parent, key, key.FilterBit)
{
    internal T Value => value;
}
