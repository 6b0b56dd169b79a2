using System.Text;

namespace Baton.Dashboard;

/// <summary>What this package uses of the core's internals.</summary>
/// <remarks>
/// The core has no public way to look down a tree of contexts: code that was handed a context has no business with what
/// others derived from it. A page for the person on call has. It reads the children of a context under the core's own
/// lock, a few at a time (<see cref="CancelableContext.ReadChildren"/>), the parent, the deadline and the step that
/// each context is in <see cref="Context.ToString"/>, and the names of keys. It never reads a value.
/// </remarks>
internal static class ContextInside
{
    /// <summary>The contexts that are shown of one tree; the others are counted.</summary>
    internal const int MaxNodes = 100;

    private const int MaxDepth = 16;
    private const int MaxKeys = 16;

    internal static Context? ParentOf(Context ctx) => ctx.Parent;

    /// <summary>The deadline that governs a context; null if it has none.</summary>
    internal static DeadlineView? DeadlineOf(Context ctx) =>
        ctx.Due is { DueTicks: < DeadlineQueue.Never } due
            ? new DeadlineView(due.Timeout, due.Remaining, due.PlannedCause)
            : null;

    /// <summary>The names of the keys from a context up to another one.</summary>
    internal static IReadOnlyList<string> KeysBetween(Context ctx, Context? top)
    {
        var keys = new List<string>();
        for (var above = ctx; above is not null && above != top && keys.Count < MaxKeys; above = above.Parent)
        {
            if (above is ValueContext value)
            {
                keys.Add(value.Key.ToString() ?? "");
            }
        }

        return keys;
    }

    /// <summary>What was derived from a context, as far as it is live.</summary>
    internal static ContextNode Describe(CancelableContext root)
    {
        var left = MaxNodes;
        return Describe(root, root.Parent, depth: 0, ref left);
    }

    private static ContextNode Describe(CancelableContext ctx, Context? parent, int depth, ref int left)
    {
        left--;
        var children = new List<CancelableContext>();
        var count = ctx.ReadChildren(children, depth < MaxDepth ? Math.Max(0, left) : 0);
        var nodes = new List<ContextNode>();
        foreach (var child in children)
        {
            if (left <= 0)
            {
                break;
            }

            nodes.Add(Describe(child, ctx, depth + 1, ref left));
        }

        return new ContextNode(
            depth == 0 ? "the request" : KindOf(ctx), DeadlineOf(ctx), depth == 0 ? [] : KeysBetween(ctx, parent), nodes, count - nodes.Count);
    }

    private static string KindOf(CancelableContext ctx) => ctx switch
    {
        DelayContext => "Delay",
        DelayOrDoneContext => "Select",
        DeadlineContext => "WithTimeout",
        _ => Step(ctx),
    };

    private static string Step(Context ctx)
    {
        var text = new StringBuilder();
        ctx.AppendTo(text);
        return text.ToString().TrimStart('.');
    }
}

/// <summary>A deadline as it stood when it was looked at.</summary>
/// <param name="Timeout">The time that was given.</param>
/// <param name="Remaining">What was left of it.</param>
/// <param name="Cause">What it ends its context with, if that was said.</param>
internal readonly record struct DeadlineView(TimeSpan Timeout, TimeSpan Remaining, Exception? Cause);

/// <summary>One context of a tree.</summary>
/// <param name="Kind">How it was derived.</param>
/// <param name="Deadline">The deadline that governs it.</param>
/// <param name="Keys">The names of the keys that were added between its parent and it.</param>
/// <param name="Children">What was derived from it.</param>
/// <param name="More">How many further children there are.</param>
internal sealed record ContextNode(
    string Kind, DeadlineView? Deadline, IReadOnlyList<string> Keys, IReadOnlyList<ContextNode> Children, int More);
