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

    /// <inheritdoc cref="SelectCases.After(TimeSpan, Action)" />
    public static SelectCases After(TimeSpan delay, Action handler) =>
        new SelectCases().After(delay, handler);

    /// <inheritdoc cref="SelectCases.After(TimeSpan, Func{Task})" />
    public static SelectCases After(TimeSpan delay, Func<Task> handler) =>
        new SelectCases().After(delay, handler);

    /// <inheritdoc cref="SelectCases.Done(Context)" />
    public static SelectCases Done(Context ctx) => new SelectCases().Done(ctx);

    /// <inheritdoc cref="SelectCases.Done(Context, Action)" />
    public static SelectCases Done(Context ctx, Action handler) => new SelectCases().Done(ctx, handler);

    /// <inheritdoc cref="SelectCases.Done(Context, Func{Task})" />
    public static SelectCases Done(Context ctx, Func<Task> handler) => new SelectCases().Done(ctx, handler);

    /// <inheritdoc cref="SelectCases.Receive{T}(ChannelReader{T})" />
    public static SelectCases Receive<T>(ChannelReader<T> reader) => new SelectCases().Receive(reader);

    /// <inheritdoc cref="SelectCases.Receive{T}(ChannelReader{T}, out Received{T})" />
    public static SelectCases Receive<T>(ChannelReader<T> reader, out Received<T> received) =>
        new SelectCases().Receive(reader, out received);

    /// <inheritdoc cref="SelectCases.Receive{T}(ChannelReader{T}, Action{T, bool})" />
    public static SelectCases Receive<T>(ChannelReader<T> reader, Action<T?, bool> handler) =>
        new SelectCases().Receive(reader, handler);

    /// <inheritdoc cref="SelectCases.Receive{T}(ChannelReader{T}, Func{T, bool, Task})" />
    public static SelectCases Receive<T>(ChannelReader<T> reader, Func<T?, bool, Task> handler) =>
        new SelectCases().Receive(reader, handler);

    /// <inheritdoc cref="SelectCases.Send{T}(ChannelWriter{T}, T)" />
    public static SelectCases Send<T>(ChannelWriter<T> writer, T item) =>
        new SelectCases().Send(writer, item);

    /// <inheritdoc cref="SelectCases.Send{T}(ChannelWriter{T}, T, Action)" />
    public static SelectCases Send<T>(ChannelWriter<T> writer, T item, Action handler) =>
        new SelectCases().Send(writer, item, handler);

    /// <inheritdoc cref="SelectCases.Send{T}(ChannelWriter{T}, T, Func{Task})" />
    public static SelectCases Send<T>(ChannelWriter<T> writer, T item, Func<Task> handler) =>
        new SelectCases().Send(writer, item, handler);

    /// <inheritdoc cref="SelectCases.Task(System.Threading.Tasks.Task)" />
    public static SelectCases Task(Task task) => new SelectCases().Task(task);

    /// <inheritdoc cref="SelectCases.Task(System.Threading.Tasks.Task, Action)" />
    public static SelectCases Task(Task task, Action handler) => new SelectCases().Task(task, handler);

    /// <inheritdoc cref="SelectCases.Task(System.Threading.Tasks.Task, Func{System.Threading.Tasks.Task})" />
    public static SelectCases Task(Task task, Func<Task> handler) => new SelectCases().Task(task, handler);

    /// <inheritdoc cref="SelectCases.Task{T}(Task{T}, Action{T})" />
    public static SelectCases Task<T>(Task<T> task, Action<T> handler) =>
        new SelectCases().Task(task, handler);

    /// <inheritdoc cref="SelectCases.Task{T}(Task{T}, Func{T, System.Threading.Tasks.Task})" />
    public static SelectCases Task<T>(Task<T> task, Func<T, Task> handler) =>
        new SelectCases().Task(task, handler);
}
