using System.Threading.Channels;

namespace Baton;

/// <summary>
/// What a <see cref="SelectCases.Receive{T}(ChannelReader{T}, out Received{T}, bool)"/> case has received: an
/// item, or the end of its channel.
/// </summary>
/// <remarks>
/// Each await that takes the case fills this object before it completes; an await that takes another case
/// leaves it as it was. Threads: read it after the await. If two awaits of the same cases overlap, both fill
/// this one object, so read it only where one await runs at a time.
/// </remarks>
public sealed class Received<T>
{
    private T? _item;

    internal Received()
    {
    }

    /// <summary>
    /// Whether there is an item. False at the end of the channel, and until the case is taken for the first
    /// time.
    /// </summary>
    public bool HasItem { get; private set; }

    /// <summary>The item that was received last.</summary>
    /// <exception cref="InvalidOperationException"><see cref="HasItem"/> is false.</exception>
    public T Item => HasItem
        ? _item!
        : throw new InvalidOperationException(
            "There is no item: the channel has ended, or its case was not taken yet. Check HasItem before "
            + "you read Item.");

    internal void Set(T? item, bool hasItem)
    {
        _item = item;
        HasItem = hasItem;
    }
}
