using System.Text;

namespace Baton;

/// <summary>Says which clock the deadlines below it run on.</summary>
internal sealed class ProviderContext : Context
{
    /// <summary>
    /// Volatile: set before any such context is there to be handed on, so whoever was handed one finds it
    /// set.
    /// </summary>
    private static volatile bool s_isUsed;

    internal ProviderContext(Context parent, TimeProvider timeProvider)
        : base(parent)
    {
        Owner = parent.Owner;
        HomeQueue = DeadlineQueue.For(timeProvider);
        s_isUsed = true;
    }

    /// <summary>Whether this process has any. If not, no chain need be searched for one.</summary>
    internal static bool IsUsed => s_isUsed;

    public override CancellationToken Done => Owner?.Done ?? CancellationToken.None;

    internal DeadlineQueue HomeQueue { get; }

    internal override CancelableContext? Owner { get; }

    /// <summary>
    /// A deadline above runs on another clock: <see cref="Context.WithTimeProvider"/> brings it along.
    /// </summary>
    internal override DeadlineContext? Due => null;

    internal override void AppendTo(StringBuilder text) =>
        text.Append(".WithTimeProvider(").Append(HomeQueue.TimeProvider.GetType().Name).Append(')');
}
