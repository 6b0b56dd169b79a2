using System.Text;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>
/// <see cref="Context.Background"/>, <see cref="Context.Todo"/>, and the roots on other clocks.
/// </summary>
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed class RootContext(string name) : Context(parent: null)
{
    /// <summary>
    /// Volatile: it is written before such a root is handed on, so every thread that has one reads true.
    /// </summary>
    private static volatile bool s_hasOtherClocks;

    private readonly DeadlineQueue? _queue;

    internal RootContext(TimeProvider timeProvider)
        : this($"Root({timeProvider.GetType().Name})")
    {
        _queue = DeadlineQueue.For(timeProvider);
        s_hasOtherClocks = true;
    }

    /// <summary>
    /// Whether this process has a root on a clock other than the system's. Otherwise no chain need be walked
    /// to find its clock.
    /// </summary>
    internal static bool HasOtherClocks => s_hasOtherClocks;

    public override CancellationToken Done => CancellationToken.None;

    internal override CancelableContext? Owner => null;

    /// <summary>The queue of this root's clock.</summary>
    internal DeadlineQueue HomeQueue => _queue ?? DeadlineQueue.System;

    internal override void AppendTo(StringBuilder text) => text.Append(name);
}
