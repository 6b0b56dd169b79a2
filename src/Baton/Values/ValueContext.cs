using System.Text;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>A context that adds one key and its value to those of its parent.</summary>
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

    /// <summary>The filter over this pair and the pairs above it that the index does not cover.</summary>
    internal ulong Stretch { get; }

    /// <summary>The index of the pairs above the stretch. Null if there are none.</summary>
    internal ValueIndex? Index { get; }

    /// <summary>The next pair further up.</summary>
    internal ValueContext? Above => Parent!.Values;

    /// <summary>The nearest pair with the key, this pair included.</summary>
    internal ValueContext? Find(object key, ulong filterBit)
    {
        // The filter shrinks on the way up. Where the key's bit is gone, the rest of the stretch lacks the key.
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
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed class ValueContext<T>(Context parent, ContextKey<T> key, T value)
    : ValueContext(parent, key, key.FilterBit)
{
    internal T Value => value;
}
