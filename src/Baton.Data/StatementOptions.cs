namespace Baton.Data;

/// <summary>A copy of the options, which nothing can change while statements run.</summary>
internal sealed class StatementOptions(BatonDataOptions options)
{
    internal TimeSpan Reserve { get; } = options.Reserve;

    internal TimeSpan Needed { get; } = options.Reserve + options.MinRemaining;

    internal IContextAccessor? ContextAccessor { get; } = options.ContextAccessor;
}
