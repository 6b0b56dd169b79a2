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
    public static SelectCases After(TimeSpan delay, Action handler) => new SelectCases().After(delay, handler);

    /// <inheritdoc cref="SelectCases.After(TimeSpan, Func{Task})" />
    public static SelectCases After(TimeSpan delay, Func<Task> handler) => new SelectCases().After(delay, handler);

    /// <inheritdoc cref="SelectCases.Done(Context)" />
    public static SelectCases Done(Context ctx) => new SelectCases().Done(ctx);

    /// <inheritdoc cref="SelectCases.Done(Context, Action)" />
    public static SelectCases Done(Context ctx, Action handler) => new SelectCases().Done(ctx, handler);

    /// <inheritdoc cref="SelectCases.Done(Context, Func{Task})" />
    public static SelectCases Done(Context ctx, Func<Task> handler) => new SelectCases().Done(ctx, handler);
}
