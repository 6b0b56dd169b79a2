namespace Baton;

/// <summary>
/// What a <see cref="SelectCases.Receive{T}(System.Threading.Channels.ChannelReader{T}, out Received{T})"/>
/// case took from its channel: an item, or the news that there are no more.
/// </summary>
/// <remarks>
/// Filled each time the case is taken, before the await completes; untouched when another case is. For one
/// select at a time: awaits of the same cases that overlap fill the same object.
/// </remarks>
public sealed class Received<T>
{
    private T? _item;

    internal Received()
    {
    }

    /// <summary>
    /// Whether there is an item. False at the end of the channel, and until the case is first taken.
    /// </summary>
    public bool HasItem { get; private set; }

    /// <summary>The item that was received last.</summary>
    /// <exception cref="InvalidOperationException"><see cref="HasItem"/> is false.</exception>
    public T Item => HasItem
        ? _item!
        : throw new InvalidOperationException(
            "An item is there only if one was received, and HasItem is false: the channel has ended, or the "
            + "case was not taken yet. Look at HasItem first.");

    internal void Set(T? item, bool hasItem)
    {
        _item = item;
        HasItem = hasItem;
    }
}
