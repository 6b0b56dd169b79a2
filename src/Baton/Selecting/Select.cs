using System.Threading.Channels;

namespace Baton;

/// <summary>Go's <c>select</c>: several waits, of which exactly one takes effect.</summary>
/// <remarks>
/// <c>switch (await Select.After(timeout).Done(ctx))</c>: awaiting gives the index of the case that was
/// taken, in the order written. See <see cref="SelectCases"/>.
/// </remarks>
public static class Select
{
    /// <inheritdoc cref="SelectCases.After(TimeSpan)" />
    public static SelectCases After(TimeSpan delay) => new SelectCases().After(delay);

    /// <inheritdoc cref="SelectCases.Done(Context)" />
    public static SelectCases Done(Context ctx) => new SelectCases().Done(ctx);

    /// <inheritdoc cref="SelectCases.Receive{T}(ChannelReader{T}, bool)" />
    public static SelectCases Receive<T>(ChannelReader<T>? reader, bool when = true) =>
        new SelectCases().Receive(reader, when);

    /// <inheritdoc cref="SelectCases.Receive{T}(ChannelReader{T}, out Received{T}, bool)" />
    public static SelectCases Receive<T>(
        ChannelReader<T>? reader, out Received<T> received, bool when = true) =>
        new SelectCases().Receive(reader, out received, when);

    /// <inheritdoc cref="SelectCases.Send{T}(ChannelWriter{T}, T, bool)" />
    public static SelectCases Send<T>(ChannelWriter<T>? writer, T item, bool when = true) =>
        new SelectCases().Send(writer, item, when);

    /// <inheritdoc cref="SelectCases.Completed(Task, bool)" />
    public static SelectCases Completed(Task? task, bool when = true) =>
        new SelectCases().Completed(task, when);
}
