using System.Threading.Channels;

namespace Baton;

// Receiving and sending.
public sealed partial class SelectCases
{
    /// <summary>
    /// Adds a case that is ready when an item can be received, or the channel has ended. The item is dropped.
    /// </summary>
    /// <remarks>
    /// <para>
    /// For channels whose items say no more than that they came. The item is taken from the channel only if
    /// the case is taken.
    /// </para>
    /// <para>
    /// A channel that was completed and is empty has ended: it is always ready. If it was completed with an
    /// exception, the await throws that. With a default case, the end is told by <see
    /// cref="ChannelReader{T}.Completion"/>, which a reader of one's own has to override.
    /// </para>
    /// </remarks>
    /// <param name="reader">
    /// Of any channel. A single-reader channel takes one waiting reader at a time, and a select is one for
    /// each of its cases. On a channel without a buffer (capacity 0) a waiting select meets
    /// <see cref="ChannelWriter{T}.WriteAsync"/>, not the Send of another select.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="reader"/> is null.</exception>
    public SelectCases Receive<T>(ChannelReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Append(new ReceiveCase<T>(reader, received: null, handler: null));
    }

    /// <summary>Adds a case that is ready when an item can be received, or the channel has ended.</summary>
    /// <remarks>
    /// <para>
    /// The item is taken from the channel only if the case is taken.
    /// </para>
    /// <para>
    /// A channel that was completed and is empty has ended: it is always ready. If it was completed with an
    /// exception, the await throws that. With a default case, the end is told by <see
    /// cref="ChannelReader{T}.Completion"/>, which a reader of one's own has to override.
    /// </para>
    /// </remarks>
    /// <param name="reader">
    /// <inheritdoc cref="Receive{T}(ChannelReader{T})" path="/param[@name='reader']" />
    /// </param>
    /// <param name="received">Where the item is found after the await, each time the case is taken.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reader"/> is null.</exception>
    public SelectCases Receive<T>(ChannelReader<T> reader, out Received<T> received)
    {
        ArgumentNullException.ThrowIfNull(reader);
        received = new Received<T>();
        return Append(new ReceiveCase<T>(reader, received, handler: null));
    }

    /// <inheritdoc cref="Receive{T}(ChannelReader{T}, out Received{T})" />
    /// <param name="reader">
    /// <inheritdoc cref="Receive{T}(ChannelReader{T})" path="/param[@name='reader']" />
    /// </param>
    /// <param name="handler">
    /// Given the item and true; at the end of the channel, the default of the type and false.
    /// </param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="reader"/> or <paramref name="handler"/> is null.
    /// </exception>
    public SelectCases Receive<T>(ChannelReader<T> reader, Action<T?, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new ReceiveCase<T>(reader, received: null, handler));
    }

    /// <inheritdoc cref="Receive{T}(ChannelReader{T}, Action{T, bool})" />
    public SelectCases Receive<T>(ChannelReader<T> reader, Func<T?, bool, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new ReceiveCase<T>(reader, received: null, handler));
    }

    /// <summary>Adds a case that is ready when <paramref name="item"/> can be sent.</summary>
    /// <remarks>
    /// The item is sent only if the case is taken. A bounded channel that drops items is always ready, and
    /// drops as it does for any writer. If the channel was completed, the await throws a
    /// <see cref="ChannelClosedException"/>.
    /// </remarks>
    /// <param name="writer">
    /// Of any channel. On a channel without a buffer (capacity 0) a waiting select meets <see
    /// cref="ChannelReader{T}.ReadAsync"/>, not the Receive of another select.
    /// </param>
    /// <param name="item">Sent anew by each await that takes the case.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public SelectCases Send<T>(ChannelWriter<T> writer, T item)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return Append(new SendCase<T>(writer, item, handler: null));
    }

    /// <inheritdoc cref="Send{T}(ChannelWriter{T}, T)" />
    /// <param name="writer">
    /// <inheritdoc cref="Send{T}(ChannelWriter{T}, T)" path="/param[@name='writer']" />
    /// </param>
    /// <param name="item">Sent anew by each await that takes the case.</param>
    /// <param name="handler">Run once the item is sent.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="writer"/> or <paramref name="handler"/> is null.
    /// </exception>
    public SelectCases Send<T>(ChannelWriter<T> writer, T item, Action handler)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new SendCase<T>(writer, item, handler));
    }

    /// <inheritdoc cref="Send{T}(ChannelWriter{T}, T, Action)" />
    public SelectCases Send<T>(ChannelWriter<T> writer, T item, Func<Task> handler)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new SendCase<T>(writer, item, handler));
    }
}
